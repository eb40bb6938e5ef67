/* TCP on the loopback interface, with waits that an abort ends. */
#define _GNU_SOURCE /* POLLRDHUP */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"

int sim_listen(uint16_t *port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(fd, (struct sockaddr *)&address, length) == 0 && listen(fd, SIM_MAX_RANKS) == 0
        && getsockname(fd, (struct sockaddr *)&address, &length) == 0) {
        *port = ntohs(address.sin_port);
        return fd;
    }
    close(fd);
    return -1;
}

int sim_connect(uint32_t host, uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(host)};
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0) return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

/* SIM_GONE after timeout_ms too; -1 waits without an end. */
static enum sim_io wait_for(ncclComm_t comm, int fd, short what, int timeout_ms) {
    struct pollfd waits[2] = {{.fd = fd, .events = what}, {.fd = comm->wake, .events = POLLIN}};
    for (;;) {
        int ready = poll(waits, 2, timeout_ms);
        if (ready < 0 && errno == EINTR) continue;
        if (waits[1].revents != 0) return SIM_ABORTED;
        return ready <= 0 ? SIM_GONE : SIM_DONE;
    }
}

enum sim_io sim_readable(ncclComm_t comm, int fd, int timeout_ms) { return wait_for(comm, fd, POLLIN, timeout_ms); }

/*
 * Rank 0 writes to a rank that is still sending only to report a failure: that rank then stops, and reads it
 * when it receives.
 */
enum sim_io sim_send(ncclComm_t comm, int fd, const void *data, size_t bytes) {
    const char *at = data;
    while (bytes > 0) {
        enum sim_io io = wait_for(comm, fd, POLLOUT | POLLIN, -1);
        if (io != SIM_DONE) return io;
        struct pollfd readable = {.fd = fd, .events = POLLIN};
        if (comm->rank != 0 && poll(&readable, 1, 0) > 0) return SIM_DONE;
        ssize_t sent = send(fd, at, bytes, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (sent <= 0) return SIM_GONE;
        at += sent;
        bytes -= (size_t)sent;
    }
    return SIM_DONE;
}

enum sim_io sim_receive(ncclComm_t comm, int fd, void *data, size_t bytes) {
    char *at = data;
    while (bytes > 0) {
        enum sim_io io = wait_for(comm, fd, POLLIN, -1);
        if (io != SIM_DONE) return io;
        ssize_t got = recv(fd, at, bytes, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (got <= 0) return SIM_GONE;
        at += got;
        bytes -= (size_t)got;
    }
    return SIM_DONE;
}

/* Rank 0 only: has any rank closed its link, also one whose turn has not come? */
bool sim_lost_link(ncclComm_t comm, int *rank) {
    for (int r = 1; r < comm->ranks; r++) {
        struct pollfd link = {.fd = comm->links[r], .events = POLLRDHUP};
        if (poll(&link, 1, 0) <= 0) continue;
        *rank = r;
        return true;
    }
    return false;
}

/* Ends early at the communicator's abort. */
void sim_pause(ncclComm_t comm, uint64_t nanoseconds) { wait_for(comm, -1, 0, (int)(nanoseconds / 1000000)); }
