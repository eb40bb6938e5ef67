/* [--faults a,b] [--stage S] --worker ..., or --comm-id, which prints an id and serves it until its stdin closes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "worker.h"

#define MOST_FAULTS 32

static const char *faults[MOST_FAULTS];
static int fault_count;

void faults_set(char *names) {
    for (char *name = strtok(names, ","); name != NULL && fault_count < MOST_FAULTS; name = strtok(NULL, ",")) {
        faults[fault_count++] = name;
    }
}

bool faults_have(const char *name) {
    for (int i = 0; i < fault_count; i++) {
        if (strcmp(faults[i], name) == 0) return true;
    }
    return false;
}

_Noreturn void leave(int code) {
    group_leave();
    _exit(code);
}

/* A group meets in a folder that needs no server: any id will do, as long as who has made it lives. */
static int serve_comm_id(void) {
    unsigned char id[128];
    char digits[2 * sizeof id + 1];
    if (getrandom(id, sizeof id, 0) != sizeof id) return 1;
    for (size_t i = 0; i < sizeof id; i++) sprintf(digits + 2 * i, "%02x", id[i]);
    if (!group_made(digits)) return 1;
    puts(digits);
    fflush(stdout);
    input_drain();
    return 0;
}

/* Takes an option of ours out of the command line. */
static char *own(int *count, char **arguments, const char *name, char *otherwise) {
    for (int i = 0; i + 1 < *count; i++) {
        if (strcmp(arguments[i], name) != 0) continue;
        char *value = arguments[i + 1];
        *count -= 2;
        memmove(arguments + i, arguments + i + 2, (size_t)(*count - i) * sizeof *arguments);
        return value;
    }
    return otherwise;
}

int main(int argc, char **argv) {
    int count = argc - 1;
    char **arguments = argv + 1, none[] = "";
    if (count == 1 && strcmp(arguments[0], "--comm-id") == 0) return serve_comm_id();
    faults_set(own(&count, arguments, "--faults", none));
    const char *stage = own(&count, arguments, "--stage", "7a-i");
    struct identity identity = arguments_parse(count, arguments);
    is_rank_0 = identity.rank == 0;
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    habits_at_signals();
    if (HAS("forks-and-waits") || HAS("script-without-exec")) fork_and_wait();
    habits_start();
    input_start();
    output_start();
    requests_start(identity, stage);
    leave(with_stack(serve_all));
}
