"""SageMaker's record message (package aialgs.data), built from its description, so that no compiler of protobuf is needed.

Source: AWS guide, "Common Data Formats for Training"; aws/sagemaker-training-toolkit, record_pb2.py.
"""
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

MAGIC = 0xCED7230A

_Field = descriptor_pb2.FieldDescriptorProto
_TYPES = {
    "float": _Field.TYPE_FLOAT,
    "double": _Field.TYPE_DOUBLE,
    "int32": _Field.TYPE_INT32,
    "uint64": _Field.TYPE_UINT64,
    "bytes": _Field.TYPE_BYTES,
    "string": _Field.TYPE_STRING,
}


def _message(parent, name, *fields):
    message = parent.add()
    message.name = name
    for field_name, number, kind, repeated in fields:
        field = message.field.add(name=field_name, number=number)
        field.label = _Field.LABEL_REPEATED if repeated else _Field.LABEL_OPTIONAL
        if kind in _TYPES:
            field.type = _TYPES[kind]
            if repeated and kind not in ("bytes", "string"):
                field.options.packed = True
        else:
            field.type = _Field.TYPE_MESSAGE
            field.type_name = f".aialgs.data.{kind}"
    return message


def record_class():
    file = descriptor_pb2.FileDescriptorProto(name="record.proto", package="aialgs.data", syntax="proto2")
    for name, kind in (("Float32Tensor", "float"), ("Float64Tensor", "double"), ("Int32Tensor", "int32")):
        _message(file.message_type, name, ("values", 1, kind, True), ("keys", 2, "uint64", True), ("shape", 3, "uint64", True))
    _message(file.message_type, "Bytes", ("value", 1, "bytes", True), ("content_type", 2, "string", False))
    value = _message(
        file.message_type,
        "Value",
        ("float32_tensor", 2, "Float32Tensor", False),
        ("float64_tensor", 3, "Float64Tensor", False),
        ("int32_tensor", 7, "Int32Tensor", False),
        ("bytes", 9, "Bytes", False),
    )
    value.oneof_decl.add(name="value")
    for field in value.field:
        field.oneof_index = 0
    record = _message(
        file.message_type,
        "Record",
        ("features", 1, "Record.FeaturesEntry", True),
        ("label", 2, "Record.LabelEntry", True),
        ("uid", 3, "string", False),
        ("metadata", 4, "string", False),
        ("configuration", 5, "string", False),
    )
    for name in ("FeaturesEntry", "LabelEntry"):
        entry = _message(record.nested_type, name, ("key", 1, "string", False), ("value", 2, "Value", False))
        entry.options.map_entry = True
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("aialgs.data.Record"))
