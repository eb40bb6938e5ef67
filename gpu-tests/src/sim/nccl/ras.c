/*
 * The RAS port, where one asks what the ranks are at: NEURONTP_SIM_RAS=1 opens it at NCCL_RAS_ADDR (localhost:28028),
 * in the process that makes the first communicator. Lines in, text out: "timeout N" is answered OK, "status" and
 * "verbose status" by a report and the end of the connection. It knows only the ranks of its own process.
 */
#define _GNU_SOURCE /* accept4 */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

static int open_port(void) {
    const char *address = sim_setting("NCCL_RAS_ADDR");
    const char *colon = address != NULL ? strrchr(address, ':') : NULL;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    at.sin_port = htons((uint16_t)(colon != NULL ? atoi(colon + 1) : 28028));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 8) == 0) return fd;
    close(fd);
    return -1;
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
    if (sim_number("NEURONTP_SIM_RAS", 0) != 1) return;
    int listener = open_port();
    if (listener < 0) sim_info("RAS : the port is taken, likely by another rank of this host");
    else if (!sim_start_thread(serve, (void *)(intptr_t)listener)) close(listener);
}

void sim_ras_start(void) { pthread_once(&once, start); }
