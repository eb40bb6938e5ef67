/*
 * The RAS port, where one asks what the ranks are at: NEURONTP_SIM_RAS=1 opens it at NCCL_RAS_ADDR (localhost:28028) in
 * every process, as NCCL 2.24 and later do it: at the first address that the resolver gives, and shared with all other
 * processes of the user, of which the kernel picks one for each question. Lines in, text out: "timeout N" is answered OK,
 * "status" and "verbose status" by a report and the end of the connection. It knows only the ranks of its own process.
 */
#define _GNU_SOURCE /* accept4 */
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"

#define FIRST_VERSION 22400

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The part before the last colon, without brackets, and the part after it. */
static void split(const char *address, char *host, size_t size, const char **port) {
    const char *colon = strrchr(address, ':');
    size_t length = colon != NULL ? (size_t)(colon - address) : strlen(address);
    if (length > 1 && address[0] == '[' && address[length - 1] == ']') {
        address++;
        length -= 2;
    }
    snprintf(host, size, "%.*s", (int)length, address);
    *port = colon != NULL ? colon + 1 : "28028";
    /* Where a resolver gives ::1 first. */
    const char *setting = getenv("NEURONTP_SIM_RAS");
    if (setting != NULL && strcmp(setting, "ipv6") == 0 && strcmp(host, "localhost") == 0) snprintf(host, size, "::1");
}

static int open_port(void) {
    const char *address = sim_setting("NCCL_RAS_ADDR"), *port;
    char host[256];
    split(address != NULL ? address : "localhost:28028", host, sizeof host, &port);
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(host, port, &hints, &found) != 0) return -1;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
        if (bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 8) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

static void report(FILE *out) {
    fprintf(out, "NCCL RAS report of process %d (neurontp simulation)\n", (int)getpid());
    for (ncclComm_t comm = sim_first_communicator(); comm != NULL; comm = comm->next) {
        pthread_mutex_lock(&comm->lock);
        const char *what = comm->ended ? "ended"
            : !comm->joined            ? "initializing"
            : comm->done < comm->issued ? "in a collective"
                                        : "idle";
        fprintf(out, "rank %d of %d, device %d: %s, %llu collectives begun, %llu done, state %d\n", comm->rank,
                comm->ranks, comm->device, what, (unsigned long long)comm->issued, (unsigned long long)comm->done,
                (int)comm->state);
        pthread_mutex_unlock(&comm->lock);
    }
}

static void *serve(void *argument) {
    int listener = (int)(intptr_t)argument;
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) continue;
        struct timeval limit = {.tv_sec = 5};
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        FILE *in = fdopen(fd, "r"), *out = fdopen(dup(fd), "w");
        char line[128];
        while (in != NULL && out != NULL && fgets(line, sizeof line, in) != NULL) {
            bool status = strncasecmp(line, "status", 6) == 0 || strncasecmp(line, "verbose status", 14) == 0;
            if (status) report(out);
            else fputs(strncasecmp(line, "timeout ", 8) == 0 ? "OK\n" : "ERROR: Unknown command\n", out);
            if (fflush(out) != 0 || status) break;
        }
        if (out != NULL) fclose(out);
        if (in != NULL) fclose(in);
    }
    return NULL;
}

static void start(void) {
    const char *enabled = sim_setting("NCCL_RAS_ENABLE"), *asked = getenv("NEURONTP_SIM_RAS");
    int version = 0;
    ncclGetVersion(&version);
    if (asked == NULL || *asked == '\0' || version < FIRST_VERSION) return;
    if (enabled != NULL && strcmp(enabled, "0") == 0) return;
    int listener = open_port();
    if (listener < 0) sim_info("RAS : cannot listen, perhaps another user's process does");
    else if (!sim_start_thread(serve, (void *)(intptr_t)listener)) close(listener);
}

void sim_ras_start(void) { pthread_once(&once, start); }
