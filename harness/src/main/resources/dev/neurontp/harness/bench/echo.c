/* A worker that answers each line with its pong, at next to no cost: what is measured is its leader. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **words) {
    static char in[65536], pong[256];
    int rank = 0, world = 1, device = 0;
    for (int i = 1; i + 1 < count; i++) {
        if (!strcmp(words[i], "--rank")) rank = atoi(words[i + 1]);
        if (!strcmp(words[i], "--tp-size")) world = atoi(words[i + 1]);
        if (!strcmp(words[i], "--cuda-device")) device = atoi(words[i + 1]);
    }
    int length = snprintf(pong, sizeof pong, "{\"op\":\"pong\",\"rank\":%d,\"world_size\":%d,\"cuda_device\":%d}\n", rank,
                          world, device);
    for (ssize_t got; (got = read(0, in, sizeof in)) > 0;) {
        if (memmem(in, got, "\"shutdown\"", 10)) return write(1, "{\"op\":\"bye\"}\n", 13) != 13;
        for (ssize_t i = 0; i < got; i++)
            if (in[i] == '\n' && write(1, pong, length) != length) return 1;
    }
    return 0;
}
