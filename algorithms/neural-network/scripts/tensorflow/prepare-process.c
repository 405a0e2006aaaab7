/*
 * A Node addon that makes a process ready for TensorFlow:
 *
 *   setDefault(name, value)    sets an environment variable unless it is set: TensorFlow is configured by them
 *   divertSignals()            has signals handled by a thread that does nothing else
 *   open(path)                 loads a library without its lines on stderr, which no setting stops; throws dlopen's reason
 *
 * Why signals: oneDNN's product with a transposed first matrix lets the stack pointer point into a workspace on the heap.
 * A signal handler that runs on that thread then writes its frame over other memory, and the process dies of it later:
 * SIGTERM, which asks a training job to save its model and end, did that in a good part of all cases.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <node_api.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static int read_text(napi_env env, napi_value value, char *text, size_t size) {
  size_t length;
  if (napi_get_value_string_utf8(env, value, text, size, &length) == napi_ok) return 1;
  napi_throw_type_error(env, NULL, "prepare-process: arguments must be strings");
  return 0;
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

static void *wait_for_signals(void *unused) {
  for (;;) pause();
  return unused;
}

/* Threads inherit the mask, so that those which TensorFlow starts later block signals too. */
static napi_value divert_signals(napi_env env, napi_callback_info info) {
  /* Those that say what the thread itself has just done. */
  static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
  sigset_t all, diverted;
  pthread_t thread;
  (void)info;

  sigemptyset(&all);
  sigfillset(&diverted);
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) sigdelset(&diverted, own[i]);

  sigset_t before;
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failed = pthread_create(&thread, NULL, wait_for_signals, NULL);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (failed) {
    napi_throw_error(env, NULL, "prepare-process: a thread for signals could not be started");
    return NULL;
  }
  pthread_detach(thread);
  pthread_sigmask(SIG_BLOCK, &diverted, NULL);
  return NULL;
}

static napi_value open_library(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  char path[PATH_MAX];
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (!read_text(env, argument, path, sizeof path)) return NULL;

  int saved = dup(STDERR_FILENO), silent = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (saved >= 0 && silent >= 0) dup2(silent, STDERR_FILENO);
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (saved >= 0) dup2(saved, STDERR_FILENO);
  if (saved >= 0) close(saved);
  if (silent >= 0) close(silent);

  if (!library) napi_throw_error(env, NULL, dlerror());
  return NULL;
}

static napi_value initialize(napi_env env, napi_value exports) {
  napi_property_descriptor properties[] = {
      {"setDefault", NULL, set_default, NULL, NULL, NULL, napi_default, NULL},
      {"divertSignals", NULL, divert_signals, NULL, NULL, NULL, napi_default, NULL},
      {"open", NULL, open_library, NULL, NULL, NULL, napi_default, NULL},
  };
  napi_define_properties(env, exports, 3, properties);
  return exports;
}

NAPI_MODULE(prepare_process, initialize)
