/*
 * A Node addon that opens shared libraries with stderr closed and sets variables that they read. TensorFlow logs lines
 * as its libraries are loaded, before any setting of it could stop them; Node can neither redirect stderr nor may a
 * program of ours write its environment.
 *
 *   open(path)                 makes the library's symbols global; throws the loader's reason
 *   setDefault(name, value)    sets an environment variable unless it is set
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <node_api.h>
#include <stdlib.h>
#include <unistd.h>

static int read_text(napi_env env, napi_value value, char *text, size_t size) {
  size_t length;
  if (napi_get_value_string_utf8(env, value, text, size, &length) == napi_ok) return 1;
  napi_throw_type_error(env, NULL, "open-quietly: arguments must be strings");
  return 0;
}

static napi_value open_library(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  char path[PATH_MAX];
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (!read_text(env, argument, path, sizeof path)) return NULL;

  int saved = dup(STDERR_FILENO), silent = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (saved >= 0 && silent >= 0) dup2(silent, STDERR_FILENO);
  void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  if (saved >= 0) dup2(saved, STDERR_FILENO);
  if (saved >= 0) close(saved);
  if (silent >= 0) close(silent);

  if (!library) napi_throw_error(env, NULL, dlerror());
  return NULL;
}

static napi_value set_default(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  char name[64], value[256];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (read_text(env, arguments[0], name, sizeof name) && read_text(env, arguments[1], value, sizeof value)) {
    setenv(name, value, 0);
  }
  return NULL;
}

static napi_value initialize(napi_env env, napi_value exports) {
  napi_property_descriptor properties[] = {
      {"open", NULL, open_library, NULL, NULL, NULL, napi_default, NULL},
      {"setDefault", NULL, set_default, NULL, NULL, NULL, napi_default, NULL},
  };
  napi_define_properties(env, exports, 2, properties);
  return exports;
}

NAPI_MODULE(open_quietly, initialize)
