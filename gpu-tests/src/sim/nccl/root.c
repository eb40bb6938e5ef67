/*
 * The unique id and the root thread behind it. Every rank connects, tells who it is and waits; when all are there each
 * gets the table of all, and the thread ends. Once it has failed everyone who still comes is told why, as long as the
 * process lives.
 */
#define _GNU_SOURCE /* accept4 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"

static const char id_magic[8] = "NTPSIM\1";

/* An id in memory: magic, nonce, IPv4 address, port, then words for whoever looks at it. Zeros to 128 bytes. */
struct id_layout {
    char magic[8];
    uint64_t nonce;
    uint32_t address;
    uint16_t port;
    char words[40];
};

struct connection {
    int fd;
    size_t received;
    struct sim_peer peer;
};

struct rendezvous {
    int listener;
    uint64_t nonce;
    int count;
    struct sim_answer failure; /* result 0: none yet */
    struct connection connections[SIM_MAX_RANKS];
};

bool sim_read_id(const ncclUniqueId *id, uint64_t *nonce, uint32_t *address, uint16_t *port) {
    struct id_layout layout;
    memcpy(&layout, id, sizeof layout);
    *nonce = layout.nonce;
    *address = layout.address;
    *port = layout.port;
    return memcmp(layout.magic, id_magic, sizeof id_magic) == 0;
}

/* Blocking, bounded by the socket's send buffer: an answer is small. */
static void send_all(int fd, const void *data, size_t bytes) {
    const char *at = data;
    while (bytes > 0) {
        ssize_t sent = send(fd, at, bytes, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EINTR || errno == EAGAIN)) {
            struct pollfd wait = {.fd = fd, .events = POLLOUT};
            if (poll(&wait, 1, 5000) > 0) continue;
        }
        if (sent <= 0) return;
        at += sent;
        bytes -= (size_t)sent;
    }
}

static void drop(struct rendezvous *rendezvous, int connection) {
    close(rendezvous->connections[connection].fd);
    rendezvous->connections[connection] = rendezvous->connections[--rendezvous->count];
}

static void fail(struct rendezvous *rendezvous, const char *text) {
    rendezvous->failure.result = ncclRemoteError;
    if (text != rendezvous->failure.text) snprintf(rendezvous->failure.text, sizeof rendezvous->failure.text, "%s", text);
    for (int g = rendezvous->count - 1; g >= 0; g--) {
        if (rendezvous->connections[g].received < sizeof(struct sim_peer)) continue;
        send_all(rendezvous->connections[g].fd, &rendezvous->failure, sizeof rendezvous->failure);
        drop(rendezvous, g);
    }
}

static int complete(const struct rendezvous *rendezvous) {
    int there = 0;
    for (int g = 0; g < rendezvous->count; g++) there += rendezvous->connections[g].received == sizeof(struct sim_peer);
    return there;
}

/* False: the rendezvous is over. */
static bool check_in(struct rendezvous *rendezvous, int connection) {
    char text[200];
    struct sim_peer new = rendezvous->connections[connection].peer;
    if (new.nonce != rendezvous->nonce || new.ranks > SIM_MAX_RANKS || new.rank < 0 || new.rank >= new.ranks) {
        drop(rendezvous, connection);
        return true;
    }
    if (rendezvous->failure.result != ncclSuccess) {
        fail(rendezvous, rendezvous->failure.text);
        return true;
    }
    for (int g = 0; g < rendezvous->count; g++) {
        struct sim_peer other = rendezvous->connections[g].peer;
        if (g == connection || rendezvous->connections[g].received < sizeof other) continue;
        if (other.ranks == new.ranks && other.rank != new.rank) continue;
        if (other.ranks != new.ranks)
            snprintf(text, sizeof text, "Bootstrap Root : mismatch in rank count from procs %d : %d", other.ranks, new.ranks);
        else
            snprintf(text, sizeof text, "Bootstrap Root : rank %d of %d ranks has already checked in", new.rank, new.ranks);
        fail(rendezvous, text);
        return true;
    }
    if (complete(rendezvous) < new.ranks) return true;
    struct sim_answer welcome = {.result = ncclSuccess};
    struct sim_peer table[SIM_MAX_RANKS];
    for (int g = 0; g < rendezvous->count; g++) {
        if (rendezvous->connections[g].received == sizeof new) table[rendezvous->connections[g].peer.rank] = rendezvous->connections[g].peer;
    }
    for (int g = 0; g < rendezvous->count; g++) {
        send_all(rendezvous->connections[g].fd, &welcome, sizeof welcome);
        send_all(rendezvous->connections[g].fd, table, (size_t)new.ranks * sizeof *table);
    }
    return false;
}

static bool receive(struct rendezvous *rendezvous, int connection) {
    struct connection *from = &rendezvous->connections[connection];
    char spare;
    bool whole = from->received == sizeof from->peer;
    ssize_t got = whole ? recv(from->fd, &spare, 1, 0)
                        : recv(from->fd, (char *)&from->peer + from->received, sizeof from->peer - from->received, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (got <= 0) {
        int rank = from->peer.rank;
        drop(rendezvous, connection);
        if (!whole || sim_dead_peers_are_silent()) return true;
        char text[100];
        snprintf(text, sizeof text, "Bootstrap : rank %d left before all ranks had joined", rank);
        fail(rendezvous, text);
        return true;
    }
    if (whole) return true;
    from->received += (size_t)got;
    return from->received < sizeof from->peer || check_in(rendezvous, connection);
}

static void *serve(void *argument) {
    struct rendezvous *rendezvous = argument;
    struct pollfd waits[SIM_MAX_RANKS + 1];
    bool open = true;
    while (open) {
        waits[0] = (struct pollfd){.fd = rendezvous->count < SIM_MAX_RANKS ? rendezvous->listener : -1, .events = POLLIN};
        int count = rendezvous->count;
        for (int g = 0; g < count; g++) waits[g + 1] = (struct pollfd){.fd = rendezvous->connections[g].fd, .events = POLLIN};
        if (poll(waits, (nfds_t)count + 1, -1) < 0) continue;
        /* Backwards: a connection that leaves is replaced by the last one. */
        for (int g = count - 1; g >= 0 && open; g--) {
            if (g < rendezvous->count && waits[g + 1].revents != 0) open = receive(rendezvous, g);
        }
        if (!open || waits[0].revents == 0) continue;
        int fd = accept4(rendezvous->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) rendezvous->connections[rendezvous->count++] = (struct connection){.fd = fd};
    }
    for (int g = 0; g < rendezvous->count; g++) close(rendezvous->connections[g].fd);
    close(rendezvous->listener);
    free(rendezvous);
    return NULL;
}

ncclResult_t sim_serve_rendezvous(ncclUniqueId *id) {
    struct id_layout layout = {.address = INADDR_LOOPBACK, .words = "neurontp simulation"};
    memcpy(layout.magic, id_magic, sizeof id_magic);
    struct rendezvous *rendezvous = calloc(1, sizeof *rendezvous);
    if (rendezvous == NULL || getrandom(&layout.nonce, sizeof layout.nonce, 0) != sizeof layout.nonce) {
        free(rendezvous);
        return sim_fail(ncclSystemError, "Bootstrap : no memory or no random number");
    }
    rendezvous->nonce = layout.nonce;
    rendezvous->listener = sim_listen(&layout.port);
    if (rendezvous->listener < 0) {
        free(rendezvous);
        return sim_fail(ncclSystemError, "Bootstrap : cannot listen on 127.0.0.1: %s", strerror(errno));
    }
    if (!sim_start_thread(serve, rendezvous)) {
        close(rendezvous->listener);
        free(rendezvous);
        return sim_fail(ncclSystemError, "Bootstrap : cannot start the root thread");
    }
    memset(id, 0, sizeof *id);
    memcpy(id, &layout, sizeof layout);
    return ncclSuccess;
}

EXPORT ncclResult_t ncclGetUniqueId(ncclUniqueId *id) {
    sim_settings_read();
    if (id == NULL) return sim_fail(ncclInvalidArgument, "GetUniqueId : out argument is NULL");
    if (sim_fault("hang", "unique-id", -1, 1)) sim_hang(NULL);
    if (sim_fault("die", "unique-id", -1, 1)) sim_die();
    if (sim_fault("system", "unique-id", -1, 1)) return sim_fail(ncclSystemError, "Bootstrap : no socket interface found");
    sim_info("Bootstrap : Using lo:127.0.0.1<0> (neurontp simulation)");
    return sim_serve_rendezvous(id);
}
