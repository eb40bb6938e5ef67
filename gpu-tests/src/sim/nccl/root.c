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

struct guest {
    int fd;
    size_t heard;
    struct sim_peer peer;
};

struct meeting {
    int listener;
    uint64_t nonce;
    int count;
    struct sim_answer failure; /* result 0: none yet */
    struct guest guests[SIM_MAX_RANKS];
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

static void drop(struct meeting *meeting, int guest) {
    close(meeting->guests[guest].fd);
    meeting->guests[guest] = meeting->guests[--meeting->count];
}

static void fail(struct meeting *meeting, const char *text) {
    meeting->failure.result = ncclRemoteError;
    if (text != meeting->failure.text) snprintf(meeting->failure.text, sizeof meeting->failure.text, "%s", text);
    for (int g = meeting->count - 1; g >= 0; g--) {
        if (meeting->guests[g].heard < sizeof(struct sim_peer)) continue;
        send_all(meeting->guests[g].fd, &meeting->failure, sizeof meeting->failure);
        drop(meeting, g);
    }
}

static int complete(const struct meeting *meeting) {
    int there = 0;
    for (int g = 0; g < meeting->count; g++) there += meeting->guests[g].heard == sizeof(struct sim_peer);
    return there;
}

/* False: the meeting is over. */
static bool check_in(struct meeting *meeting, int guest) {
    char text[200];
    struct sim_peer new = meeting->guests[guest].peer;
    if (new.nonce != meeting->nonce || new.ranks > SIM_MAX_RANKS || new.rank < 0 || new.rank >= new.ranks) {
        drop(meeting, guest);
        return true;
    }
    if (meeting->failure.result != ncclSuccess) {
        fail(meeting, meeting->failure.text);
        return true;
    }
    for (int g = 0; g < meeting->count; g++) {
        struct sim_peer other = meeting->guests[g].peer;
        if (g == guest || meeting->guests[g].heard < sizeof other) continue;
        if (other.ranks == new.ranks && other.rank != new.rank) continue;
        if (other.ranks != new.ranks)
            snprintf(text, sizeof text, "Bootstrap Root : mismatch in rank count from procs %d : %d", other.ranks, new.ranks);
        else
            snprintf(text, sizeof text, "Bootstrap Root : rank %d of %d ranks has already checked in", new.rank, new.ranks);
        fail(meeting, text);
        return true;
    }
    if (complete(meeting) < new.ranks) return true;
    struct sim_answer welcome = {.result = ncclSuccess};
    struct sim_peer table[SIM_MAX_RANKS];
    for (int g = 0; g < meeting->count; g++) {
        if (meeting->guests[g].heard == sizeof new) table[meeting->guests[g].peer.rank] = meeting->guests[g].peer;
    }
    for (int g = 0; g < meeting->count; g++) {
        send_all(meeting->guests[g].fd, &welcome, sizeof welcome);
        send_all(meeting->guests[g].fd, table, (size_t)new.ranks * sizeof *table);
    }
    return false;
}

static bool hear(struct meeting *meeting, int guest) {
    struct guest *from = &meeting->guests[guest];
    char spare;
    bool whole = from->heard == sizeof from->peer;
    ssize_t got = whole ? recv(from->fd, &spare, 1, 0)
                        : recv(from->fd, (char *)&from->peer + from->heard, sizeof from->peer - from->heard, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (got <= 0) {
        int rank = from->peer.rank;
        drop(meeting, guest);
        if (!whole || sim_dead_peers_are_silent()) return true;
        char text[100];
        snprintf(text, sizeof text, "Bootstrap : rank %d left before all ranks had joined", rank);
        fail(meeting, text);
        return true;
    }
    if (whole) return true;
    from->heard += (size_t)got;
    return from->heard < sizeof from->peer || check_in(meeting, guest);
}

static void *serve(void *argument) {
    struct meeting *meeting = argument;
    struct pollfd waits[SIM_MAX_RANKS + 1];
    bool open = true;
    while (open) {
        waits[0] = (struct pollfd){.fd = meeting->count < SIM_MAX_RANKS ? meeting->listener : -1, .events = POLLIN};
        int count = meeting->count;
        for (int g = 0; g < count; g++) waits[g + 1] = (struct pollfd){.fd = meeting->guests[g].fd, .events = POLLIN};
        if (poll(waits, (nfds_t)count + 1, -1) < 0) continue;
        /* Backwards: a guest that leaves is replaced by the last one. */
        for (int g = count - 1; g >= 0 && open; g--) {
            if (g < meeting->count && waits[g + 1].revents != 0) open = hear(meeting, g);
        }
        if (!open || waits[0].revents == 0) continue;
        int fd = accept4(meeting->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) meeting->guests[meeting->count++] = (struct guest){.fd = fd};
    }
    for (int g = 0; g < meeting->count; g++) close(meeting->guests[g].fd);
    close(meeting->listener);
    free(meeting);
    return NULL;
}

ncclResult_t sim_serve_meeting(ncclUniqueId *id) {
    struct id_layout layout = {.address = INADDR_LOOPBACK, .words = "neurontp simulation"};
    memcpy(layout.magic, id_magic, sizeof id_magic);
    struct meeting *meeting = calloc(1, sizeof *meeting);
    if (meeting == NULL || getrandom(&layout.nonce, sizeof layout.nonce, 0) != sizeof layout.nonce) {
        free(meeting);
        return sim_fail(ncclSystemError, "Bootstrap : no memory or no random number");
    }
    meeting->nonce = layout.nonce;
    meeting->listener = sim_listen(&layout.port);
    if (meeting->listener < 0) {
        free(meeting);
        return sim_fail(ncclSystemError, "Bootstrap : cannot listen on 127.0.0.1: %s", strerror(errno));
    }
    if (!sim_start_thread(serve, meeting)) {
        close(meeting->listener);
        free(meeting);
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
    if (sim_fault("system", "unique-id", -1, 1)) return sim_fail(ncclSystemError, "Bootstrap : no socket interface found");
    sim_info("Bootstrap : Using lo:127.0.0.1<0> (neurontp simulation)");
    return sim_serve_meeting(id);
}
