/* The faults that make a result wrong: corrupt, swap, short. All are this rank's alone. */
#include "internal.h"

/* Two blocks of one size, as far as there are two. */
static void swap(const struct sim_block *a, const struct sim_block *b) {
    for (size_t i = 0; a->bytes == b->bytes && i < a->bytes; i++) {
        char byte = a->at[i];
        a->at[i] = b->at[i];
        b->at[i] = byte;
    }
}

/* The lowest bit of one byte, counted over all blocks; the last byte where there are fewer. */
static void corrupt(const struct sim_block *blocks, size_t count) {
    size_t at = (size_t)sim_number("NEURONTP_SIM_CORRUPT_BYTE", 0);
    char *byte = NULL;
    for (size_t i = 0; i < count; i++) {
        if (blocks[i].bytes == 0) continue;
        byte = blocks[i].at + (at < blocks[i].bytes ? at : blocks[i].bytes - 1);
        if (at < blocks[i].bytes) break;
        at -= blocks[i].bytes;
    }
    if (byte != NULL) *byte ^= 1;
}

static struct sim_block tail(const struct sim_block *blocks, size_t count) {
    if (count == 0) return (struct sim_block){NULL, 0};
    struct sim_block last = blocks[count - 1];
    size_t bytes = last.bytes < SIM_TAIL ? last.bytes : SIM_TAIL;
    return (struct sim_block){last.at + last.bytes - bytes, bytes};
}

void sim_before_result(const struct sim_block *blocks, size_t count, struct sim_spoil *spoil) {
    spoil->last = tail(blocks, count);
    if (spoil->last.bytes > 0) memcpy(spoil->tail, spoil->last.at, spoil->last.bytes);
}

void sim_after_result(const struct sim_exchange *x, const struct sim_block *blocks, size_t count,
                      const struct sim_spoil *spoil) {
    if (sim_running_fault("corrupt", x)) corrupt(blocks, count);
    if (count > 1 && sim_running_fault("swap", x)) swap(&blocks[0], &blocks[1]);
    if (spoil->last.bytes > 0 && sim_running_fault("short", x)) memcpy(spoil->last.at, spoil->tail, spoil->last.bytes);
    for (size_t i = 0; i < count; i++) {
        if (blocks[i].bytes > 0) sim_cuda()->written(blocks[i].at, blocks[i].bytes);
    }
}
