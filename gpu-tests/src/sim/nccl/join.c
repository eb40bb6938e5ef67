/* How a rank joins: to the root, who is there?, then a link between rank 0 and each other rank, then all at once. */
#define _GNU_SOURCE /* accept4 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"

/* A rank that has checked in has this long to connect to rank 0. */
#define LINK_TIMEOUT_MS 10000

static uint64_t hash(uint64_t state, const char *text) {
    for (; *text != '\0'; text++) state = (state ^ (unsigned char)*text) * 1099511628211u;
    return state;
}

/* Ranks with the same host and device are on one GPU. NCCL_HOSTID takes the host name's place. */
static uint64_t this_host(void) {
    const char *given = sim_setting("NCCL_HOSTID");
    char name[128] = "";
    gethostname(name, sizeof name - 1);
    return hash(14695981039346656037u, given != NULL ? given : name);
}

static ncclResult_t lost(enum sim_io io, const char *whom) {
    if (io == SIM_ABORTED) return sim_fail(ncclInternalError, "init was aborted");
    return sim_fail(ncclRemoteError, "Bootstrap : connection to %s closed, a remote process may have exited", whom);
}

static ncclResult_t meet(ncclComm_t comm, int root, uint64_t nonce, uint16_t port) {
    struct sim_peer own = {nonce, comm->rank, comm->ranks, comm->physical_device, getpid(), this_host(), port, {0}};
    enum sim_io io = sim_send(comm, root, &own, sizeof own);
    if (io != SIM_DONE) return lost(io, "the root");
    if (sim_fault("die", "init", comm->rank, 1)) sim_die();
    struct sim_answer answer;
    io = sim_receive(comm, root, &answer, sizeof answer);
    if (io == SIM_GONE && sim_dead_peers_are_silent()) {
        sim_hang(comm);
        io = SIM_ABORTED;
    }
    if (io != SIM_DONE) return lost(io, "the root");
    if (answer.result != ncclSuccess) return sim_fail((ncclResult_t)answer.result, "%s", answer.text);
    io = sim_receive(comm, root, comm->peers, (size_t)comm->ranks * sizeof *comm->peers);
    return io == SIM_DONE ? ncclSuccess : lost(io, "the root");
}

/* Rank 0: every other rank connects and says who it is. */
static ncclResult_t accept_all(ncclComm_t comm, int listener, uint64_t nonce) {
    for (int there = 1; there < comm->ranks;) {
        enum sim_io io = sim_readable(comm, listener, LINK_TIMEOUT_MS);
        if (io != SIM_DONE) return lost(io, "a rank");
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) continue;
        struct sim_peer other = {0};
        io = sim_readable(comm, fd, LINK_TIMEOUT_MS);
        if (io == SIM_DONE) io = sim_receive(comm, fd, &other, sizeof other);
        bool known = io == SIM_DONE && other.nonce == nonce && other.rank > 0 && other.rank < comm->ranks
            && comm->links[other.rank] < 0;
        if (!known) {
            close(fd);
            if (io == SIM_ABORTED) return lost(io, "a rank");
            continue;
        }
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        comm->links[other.rank] = fd;
        there++;
    }
    for (int r = 1; r < comm->ranks; r++) {
        enum sim_io io = sim_send(comm, comm->links[r], &nonce, sizeof nonce);
        if (io != SIM_DONE) return lost(io, "a rank");
    }
    return ncclSuccess;
}

static ncclResult_t connect_to_first(ncclComm_t comm, uint32_t address, uint64_t nonce) {
    comm->links[0] = sim_connect(address, comm->peers[0].port);
    if (comm->links[0] < 0) return lost(SIM_GONE, "rank 0");
    struct sim_peer own = {.nonce = nonce, .rank = comm->rank};
    enum sim_io io = sim_send(comm, comm->links[0], &own, sizeof own);
    if (io == SIM_DONE) io = sim_receive(comm, comm->links[0], &nonce, sizeof nonce);
    return io == SIM_DONE ? ncclSuccess : lost(io, "rank 0");
}

static ncclResult_t join_with(ncclComm_t comm, int listener, uint16_t listener_port) {
    uint64_t nonce;
    uint32_t address;
    uint16_t port;
    if (!sim_read_id(&comm->id, &nonce, &address, &port))
        return sim_fail(ncclInvalidArgument, "the unique id is not one of this simulated NCCL");
    int root = sim_connect(address, port);
    if (root < 0)
        return sim_fail(ncclSystemError, "socketStartConnect: Connect to 127.0.0.1<%d> failed : %s", port, strerror(errno));
    ncclResult_t result = meet(comm, root, nonce, listener_port);
    close(root);
    if (result == ncclSuccess) result = sim_refuse_duplicates(comm);
    if (result != ncclSuccess) return result;
    return comm->rank == 0 ? accept_all(comm, listener, nonce) : connect_to_first(comm, address, nonce);
}

ncclResult_t sim_join(ncclComm_t comm) {
    int rank = comm->rank;
    if (sim_fault("delay", "init", rank, 1)) sim_delay();
    if (sim_fault("hang", "init", rank, 1)) {
        sim_hang(comm);
        return lost(SIM_ABORTED, "");
    }
    if (sim_fault("oom", "init", rank, 1))
        return sim_fail(ncclUnhandledCudaError, "Cuda failure 2 'out of memory' (rank %d, device %d)", rank, comm->device);
    if (sim_fault("system", "init", rank, 1))
        return sim_fail(ncclSystemError, "Call to socket failed : Too many open files (rank %d)", rank);
    if (sim_fault("internal", "init", rank, 1))
        return sim_fail(ncclInternalError, "No transport found for rank %d", rank);
    uint16_t port = 0;
    comm->listener = sim_listen(&port);
    if (comm->listener < 0) return sim_fail(ncclSystemError, "Bootstrap : cannot listen: %s", strerror(errno));
    return join_with(comm, comm->listener, port);
}
