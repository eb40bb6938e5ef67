/* The NCCL stand-in's own records. */
#ifndef SIM_NCCL_INTERNAL_H
#define SIM_NCCL_INTERNAL_H

#include "../common.h"
#include "../hooks.h"
#include "abi.h"

#define SIM_MAX_RANKS 1024

/* What a rank tells of itself when it joins. */
struct sim_peer {
    uint64_t nonce;
    int32_t rank, ranks;
    int32_t physical_device, pid;
    uint64_t host;
    uint16_t port; /* where the others connect to */
    uint16_t unused[3];
};

/* A communicator's record is never freed: a handle that is used after its end is refused, not followed. */
struct ncclComm {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int rank, ranks, device, physical_device;
    bool blocking, busy, joined, aborted, ended;
    int wake; /* an eventfd, readable from the abort on */
    ncclUniqueId id;
    ncclResult_t state; /* what ncclCommGetAsyncError says */
    int *links;         /* rank 0: one to each rank; the others: links[0] alone. The direct ones lie behind them */
    int listener;       /* where other ranks open direct links; -1 before the join */
    int *direct_out, *direct_in; /* one a rank: for what is sent there, for what comes from there; -1 before first use */
    struct sim_peer *peers;
    uint64_t issued, done; /* operations: collectives, and groups of sends and receives */
    uint64_t agreed;       /* collectives alone, which all ranks call in one order */
    ncclComm_t next;
};

/* Of the public ones, those that other files of the stand-in call. */
ncclResult_t ncclGetVersion(int *version);
ncclResult_t ncclGetUniqueId(ncclUniqueId *id);
ncclResult_t ncclGroupStart(void);
ncclResult_t ncclGroupEnd(void);
const char *ncclGetLastError(ncclComm_t comm);

/* log.c */
void sim_settings_read(void);
const char *sim_setting(const char *name);
void sim_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
ncclResult_t sim_fail(ncclResult_t result, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sim_print_version(void);
const char *sim_last_failure(void); /* without the word simulation before it */

/* fault.c: is this fault set for this rank, now? count is the how-manieth time the place is passed, from 1. */
bool sim_fault(const char *what, const char *place, int rank, uint64_t count);
struct sim_exchange;
bool sim_operation_fault(const char *what, const char *place, const struct sim_exchange *x); /* also looks at its size */
bool sim_running_fault(const char *what, const struct sim_exchange *x); /* place: collective, or the operation's name */
bool sim_pair_fault(const char *what, int rank, int peer, uint64_t count); /* place: pair:a-b */
uint64_t sim_slow_ns(size_t bytes);
void sim_die(void) __attribute__((noreturn));
void sim_hang(ncclComm_t comm); /* until the communicator is aborted; without one for ever */
void sim_delay(void);
bool sim_dead_peers_are_silent(void);

/* cuda.c: NULL, with the error told, where the CUDA stand-in is not there. */
const struct sim_hooks *sim_cuda(void);

/* socket.c: descriptors are non-blocking; every wait ends at the communicator's abort. */
enum sim_io { SIM_DONE, SIM_GONE, SIM_ABORTED };
int sim_listen(uint16_t *port);
int sim_connect(uint32_t address, uint16_t port);
enum sim_io sim_send(ncclComm_t comm, int fd, const void *data, size_t bytes);
enum sim_io sim_receive(ncclComm_t comm, int fd, void *data, size_t bytes);
enum sim_io sim_readable(ncclComm_t comm, int fd, int timeout_ms);
bool sim_lost_link(ncclComm_t comm, int *rank);
void sim_pause(ncclComm_t comm, uint64_t nanoseconds);

/* direct.c: links between two ranks, opened when they are first needed. */
int sim_direct_out(ncclComm_t comm, int peer); /* -1: the peer is gone */
void sim_direct_accept(ncclComm_t comm);       /* takes one link that another rank opens, if there is one */

/* root.c: the rendezvous of the ranks, served by the process that creates the id. */
struct sim_answer {
    int32_t result;
    char text[252];
};
ncclResult_t sim_serve_rendezvous(ncclUniqueId *id);
bool sim_read_id(const ncclUniqueId *id, uint64_t *nonce, uint32_t *address, uint16_t *port);

/* record.c */
ncclComm_t sim_new_communicator(int ranks, ncclUniqueId id, int rank, bool blocking);
ncclComm_t sim_first_communicator(void);
ncclResult_t sim_alive(ncclComm_t comm);
void sim_await_own_thread(ncclComm_t comm); /* the one that joins or finalizes */
ncclResult_t sim_usable(ncclComm_t comm);
ncclResult_t sim_await_join(ncclComm_t comm);
void sim_set_state(ncclComm_t comm, ncclResult_t state);
bool sim_is_aborted(ncclComm_t comm);

/* ras.c */
void sim_ras_start(void);

/* join.c, on a thread of its own */
ncclResult_t sim_join(ncclComm_t comm);

/* diagnostics.c */
void sim_run_diagnostics(ncclComm_t comm);

/* duplicate.c: are two ranks on one GPU, and is this rank told? Otherwise it waits until the abort. */
ncclResult_t sim_refuse_duplicates(ncclComm_t comm);

/* issue.c */
enum sim_kind {
    SIM_ALL_REDUCE,
    SIM_ALL_GATHER,
    SIM_REDUCE_SCATTER,
    SIM_BROADCAST,
    SIM_REDUCE,
    SIM_SEND_RECV,
    SIM_SEND, /* as called; all sends and receives of a group run as one SIM_SEND_RECV */
    SIM_RECEIVE
};
struct sim_collective {
    ncclComm_t comm;
    enum sim_kind kind;
    const void *send;
    void *receive;
    size_t count;
    int type, op, root; /* root: the peer of a send or receive */
    cudaStream_t stream;
};
/* Those of the first one's communicator, in this order; the others are passed over. */
ncclResult_t sim_issue(const struct sim_collective *collectives, size_t count);

/* One send or receive of a group, in host memory. */
struct sim_transfer {
    bool sends;
    int peer, type;
    char *at;
    size_t bytes;
    struct sim_transfer *next;
};

/* exchange.c: the bytes of one operation, over the wire. */
struct sim_exchange {
    ncclComm_t comm;
    enum sim_kind kind;
    const void *send; /* host memory */
    void *receive;
    size_t count;
    int type, op, root;
    uint64_t number, agreed;
    void *resolved_stream;
    struct sim_transfer *transfers;
    struct sim_exchange *next;
};
ncclResult_t sim_run_exchange(const struct sim_exchange *exchange);
ncclResult_t sim_stopped(enum sim_io io, int rank);

/* prepare.c: what a program calls, checked and made into operations that can be enqueued. */
ncclResult_t sim_prepare(const struct sim_collective *collectives, size_t count, struct sim_exchange **first);
void sim_free_exchanges(struct sim_exchange *first);

/* pairs.c: the sends and receives of one group. */
ncclResult_t sim_run_pairs(const struct sim_exchange *exchange);

/* spoil.c: the faults that make a result wrong. Blocks are where the rank receives, in order. */
struct sim_block {
    char *at;
    size_t bytes;
};
#define SIM_TAIL 16
struct sim_spoil {
    char tail[SIM_TAIL];
    struct sim_block last; /* of which the tail is kept */
};
void sim_before_result(const struct sim_block *blocks, size_t count, struct sim_spoil *spoil);
void sim_after_result(const struct sim_exchange *x, const struct sim_block *blocks, size_t count,
                      const struct sim_spoil *spoil);

/* reduce.c */
size_t sim_type_size(int type);
struct sim_sum; /* the running result, in a type wide enough */
struct sim_sum *sim_sum_start(int type, int op, size_t count);
void sim_sum_add(struct sim_sum *sum, const void *values);
void sim_sum_finish(struct sim_sum *sum, void *values, int ranks);

/* float8.c */
float sim_float8_to_float(int type, uint8_t code);
uint8_t sim_float_to_float8(int type, float value);

/* group.c: true where the calling thread has a group open, and the thing was kept for its end. */
bool sim_group_keep(const struct sim_collective *collective);
bool sim_group_keep_join(ncclComm_t comm);

#endif
