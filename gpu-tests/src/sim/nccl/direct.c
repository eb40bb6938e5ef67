/*
 * Direct links, for sends and receives: each rank sends on those that it opened itself, and receives on those that
 * others opened to it. Rank 0 takes no part in what two others do.
 */
#define _GNU_SOURCE /* accept4 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"

#define HELLO_TIMEOUT_MS 10000

static uint64_t nonce_of(ncclComm_t comm) {
    uint64_t nonce = 0;
    uint32_t address;
    uint16_t port;
    sim_read_id(&comm->id, &nonce, &address, &port);
    return nonce;
}

int sim_direct_out(ncclComm_t comm, int peer) {
    if (comm->direct_out[peer] >= 0) return comm->direct_out[peer];
    int fd = sim_connect(INADDR_LOOPBACK, comm->peers[peer].port);
    if (fd < 0) return -1;
    struct sim_peer own = {.nonce = nonce_of(comm), .rank = comm->rank, .ranks = comm->ranks};
    /* Fits into the empty send buffer. */
    if (send(fd, &own, sizeof own, MSG_NOSIGNAL) != sizeof own) {
        close(fd);
        return -1;
    }
    return comm->direct_out[peer] = fd;
}

void sim_direct_accept(ncclComm_t comm) {
    int fd = accept4(comm->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    struct sim_peer other = {0};
    enum sim_io io = sim_readable(comm, fd, HELLO_TIMEOUT_MS);
    if (io == SIM_DONE) io = sim_receive(comm, fd, &other, sizeof other);
    bool known = io == SIM_DONE && other.nonce == nonce_of(comm) && other.ranks == comm->ranks && other.rank >= 0
        && other.rank < comm->ranks && comm->direct_in[other.rank] < 0;
    if (!known) {
        close(fd);
        return;
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    comm->direct_in[other.rank] = fd;
}
