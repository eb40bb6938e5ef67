/*
 * What NCCL says: to stdout, as the real one does, when NCCL_DEBUG asks for it. The setting may also come from an
 * nccl.conf: NCCL_CONF_FILE or ~/.nccl.conf, then /etc/nccl.conf; the environment goes first.
 */
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

#define MAX_SETTINGS 64
#define MESSAGES 32
#define MARK "(neurontp simulation) "

/* Looked up by name to see that no GPU stands behind this library. */
EXPORT const char neurontp_simulation[] = "neurontp simulation of libnccl: TCP between processes, no GPU";

static struct {
    char name[64], value[192];
} settings[MAX_SETTINGS];
static int setting_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static FILE *output;
static int level; /* 0 nothing, 1 VERSION, 2 WARN, 3 INFO and more */

static void read_file(const char *path) {
    FILE *file = fopen(path, "re");
    if (file == NULL) return;
    char line[256];
    while (fgets(line, sizeof line, file) != NULL && setting_count < MAX_SETTINGS) {
        char *equals = strchr(line, '=');
        if (line[0] == '#' || equals == NULL) continue;
        line[strcspn(line, "\r\n")] = '\0';
        *equals = '\0';
        snprintf(settings[setting_count].name, sizeof settings[0].name, "%.63s", line);
        snprintf(settings[setting_count].value, sizeof settings[0].value, "%.191s", equals + 1);
        setting_count++;
    }
    fclose(file);
}

const char *sim_setting(const char *name) {
    const char *value = getenv(name);
    for (int i = 0; i < setting_count && value == NULL; i++) {
        if (strcmp(settings[i].name, name) == 0) value = settings[i].value;
    }
    return value;
}

static void read_settings(void) {
    const char *chosen = getenv("NCCL_CONF_FILE"), *home = getenv("HOME");
    char path[512];
    if (chosen != NULL) snprintf(path, sizeof path, "%s", chosen);
    else snprintf(path, sizeof path, "%s/.nccl.conf", home != NULL ? home : "");
    read_file(path);
    read_file("/etc/nccl.conf");
    const char *debug = sim_setting("NCCL_DEBUG");
    if (debug == NULL) return;
    level = strcasecmp(debug, "VERSION") == 0 ? 1
        : strcasecmp(debug, "WARN") == 0      ? 2
        : strcasecmp(debug, "INFO") == 0      ? 3
        : strcasecmp(debug, "TRACE") == 0     ? 3
                                              : 0;
    const char *file = sim_setting("NCCL_DEBUG_FILE");
    output = file != NULL && *file != '\0' ? fopen(file, "we") : NULL;
    if (output == NULL) output = stdout;
}

void sim_settings_read(void) { pthread_once(&once, read_settings); }

static void print_line(const char *mark, const char *text) {
    char host[64] = "";
    gethostname(host, sizeof host - 1);
    fprintf(output, "%s:%d:%ld [0] NCCL %s%s\n", host, (int)getpid(), (long)syscall(SYS_gettid), mark, text);
    fflush(output);
}

void sim_info(const char *format, ...) {
    if (level < 3) return;
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    print_line("INFO ", text);
}

void sim_print_version(void) {
    if (level < 1) return;
    long long version = sim_number("NEURONTP_SIM_NCCL_VERSION", 22809);
    fprintf(output, "NCCL version %lld.%lld.%lld+cuda12.8 (neurontp simulation)\n", version / 10000,
            version / 100 % 100, version % 100);
    fflush(output);
}

static pthread_mutex_t message_lock = PTHREAD_MUTEX_INITIALIZER;
static char messages[MESSAGES][512]; /* a ring, so that a text handed out stays what it was for a while */
static unsigned message_count;

ncclResult_t sim_fail(ncclResult_t result, const char *format, ...) {
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    pthread_mutex_lock(&message_lock);
    unsigned slot = (message_count + 1) % MESSAGES;
    snprintf(messages[slot], sizeof messages[slot], MARK "%s", text);
    message_count++;
    pthread_mutex_unlock(&message_lock);
    if (level >= 2) print_line("WARN ", text);
    return result;
}

/* One text for the whole process, as in NCCL; "" before the first failure. */
EXPORT const char *ncclGetLastError(ncclComm_t comm) {
    (void)comm;
    pthread_mutex_lock(&message_lock);
    const char *text = messages[message_count % MESSAGES];
    pthread_mutex_unlock(&message_lock);
    return text;
}

const char *sim_last_failure(void) {
    const char *text = ncclGetLastError(NULL);
    return *text != '\0' ? text + strlen(MARK) : text;
}

EXPORT const char *ncclGetErrorString(ncclResult_t result) {
    switch (result) {
        case ncclSuccess: return "no error";
        case ncclUnhandledCudaError: return "unhandled cuda error (run with NCCL_DEBUG=INFO for details)";
        case ncclSystemError: return "unhandled system error (run with NCCL_DEBUG=INFO for details)";
        case ncclInternalError: return "internal error (simulated)";
        case ncclInvalidArgument: return "invalid argument (run with NCCL_DEBUG=WARN for details)";
        case ncclInvalidUsage: return "invalid usage (run with NCCL_DEBUG=WARN for details)";
        case ncclRemoteError: return "remote process exited or there was a network error";
        case ncclInProgress: return "NCCL operation in progress";
        default: return "unknown result code";
    }
}

EXPORT ncclResult_t ncclGetVersion(int *version) {
    sim_settings_read();
    if (version == NULL) return sim_fail(ncclInvalidArgument, "GetVersion : version argument is NULL");
    *version = (int)sim_number("NEURONTP_SIM_NCCL_VERSION", 22809);
    return ncclSuccess;
}
