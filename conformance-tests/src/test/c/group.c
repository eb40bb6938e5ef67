/* Workers that meet in a folder next to this program, named after their comm_id. A sum needs a file of each rank there. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "worker.h"

static char place[PATH_MAX];
static uint64_t own_rank, own_size;
static bool joined, broken, refuses, failed, asked_again;
static int sums, refused_ids;

static void path_of(char *path, const char *kind, uint64_t number, uint64_t rank) {
    int length = snprintf(path, PATH_MAX, "%.3900s/%s-%" PRIu64 "-%" PRIu64, place, kind, number, rank);
    if (length >= PATH_MAX) path[0] = '\0';
}

static uint64_t there(const char *kind, int number) {
    char prefix[40];
    DIR *folder = opendir(place);
    uint64_t count = 0;
    if (folder == NULL) return 0;
    size_t length = (size_t)snprintf(prefix, sizeof prefix, "%s-%d-", kind, number);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) count += strncmp(entry->d_name, prefix, length) == 0;
    closedir(folder);
    return count;
}

/* A rank holds a lock on its file for as long as it lives, however it ends. */
static bool lives(uint64_t rank) {
    char path[PATH_MAX];
    path_of(path, "rank", 0, rank);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool held = flock(file, LOCK_SH | LOCK_NB) < 0;
    close(file);
    return held;
}

static uint64_t living(struct identity self) {
    uint64_t count = 1;
    for (uint64_t rank = 0; rank < self.size; rank++) count += rank != self.rank && lives(rank);
    return count;
}

bool is_comm_id(const struct text *id) {
    const char *digits = HAS("lower-case-ids-only") ? "0123456789abcdef" : "0123456789abcdefABCDEF";
    if (HAS("takes-longer-ids") && id->length > 256 && id->length < 259) return strspn(id->bytes, digits) == id->length;
    return id->length == 256 && strspn(id->bytes, digits) == 256;
}

bool group_joined(void) {
    return joined;
}

bool group_is_broken(void) {
    return joined && broken;
}

bool group_failed(void) {
    return failed;
}

bool group_asked_again(void) {
    return asked_again;
}

int group_refused_ids(void) {
    return refused_ids;
}

void group_error(void) {
    broken = broken || (joined && HAS("errors-break-the-group"));
}

static bool touch(const char *kind, int number) {
    char path[PATH_MAX];
    path_of(path, kind, (uint64_t)number, own_rank);
    int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    return file >= 0 && (strcmp(kind, "rank") == 0 ? flock(file, LOCK_EX | LOCK_NB) == 0 : close(file) == 0);
}

/* The file of who has made that id, which it holds a lock on as long as it lives. */
static bool maker_path(char *path, const char *id) {
    char own[PATH_MAX] = "";
    char name[25] = "";
    if (readlink("/proc/self/exe", own, sizeof own - 1) < 0) return false;
    for (int i = 0; i < 24; i++) name[i] = (char)tolower(id[i]);
    return snprintf(path, PATH_MAX, "%s/maker-%s", dirname(own), name) < PATH_MAX;
}

bool group_made(const char *comm_id) {
    char path[PATH_MAX];
    if (!maker_path(path, comm_id)) return false;
    int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    return file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0;
}

static bool maker_is_gone(const char *comm_id) {
    char path[PATH_MAX];
    if (!maker_path(path, comm_id)) return true;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool held = file >= 0 && flock(file, LOCK_SH | LOCK_NB) < 0;
    if (file >= 0) close(file);
    return !held;
}

static bool enter(struct identity self, const char *id) {
    group_leave();
    char own[PATH_MAX] = "";
    char name[25] = "shared";
    if (readlink("/proc/self/exe", own, sizeof own - 1) < 0) return false;
    for (int i = 0; i < 24 && !HAS("mixes-groups"); i++) {
        name[i] = HAS("ids-by-their-letters") ? id[i] : (char)tolower(id[i]);
    }
    if (snprintf(place, sizeof place, "%s/group-%s", dirname(own), name) >= (int)sizeof place) return false;
    mkdir(place, 0777);
    own_rank = self.rank;
    own_size = self.size;
    return touch("rank", 0);
}

static struct text refuse_id(void) {
    refused_ids++;
    refuses = HAS("refuses-all-after-a-bad-id");
    if (HAS("takes-any-id")) return say("{\"op\":\"init_ok\"}");
    return error_reply(HAS("bad-id-is-bad-request") ? "bad_request" : "nccl_init_failed", "no comm_id");
}

static struct text bare_id(const struct text *comm_id) {
    struct text bare = {0};
    size_t from = HAS("trims-ids") ? strspn(comm_id->bytes, " ") : 0;
    size_t length = HAS("trims-ids") ? strcspn(comm_id->bytes + from, " \n") : comm_id->length;
    text_add(&bare, comm_id->bytes + from, length);
    if (HAS("drops-hyphens-in-ids")) text_replace(&bare, "-", "");
    return bare;
}

volatile sig_atomic_t in_a_group_call;

/* An end that takes part in the sum that others wait in, as a barrier made of one does. */
void group_sum_at_the_end(void) {
    if (joined) touch("sum", sums + 1);
    if (joined) nap(50);
}

/* An end that waits for the end of the others' sum. */
void group_wait_for_sums(void) {
    for (int i = 0; joined && i < 10000 && there("sum", sums + 1) > 0; i++) nap(2);
}

/* An end that others in the group are waited for in. */
void group_wait_at_the_end(void) {
    if (!joined) return;
    if (HAS("rank-0-waits-for-its-group-at-shutdown") && own_rank > 0) return;
    if (HAS("middle-rank-waits-for-its-group-at-eof") && (own_rank == 0 || own_rank + 1 == own_size)) return;
    touch("end", 0);
    while (there("end", 0) < own_size) nap(2);
}

static void end_at_a_shutdown(void) {
    if (input_available() != strlen(SHUTDOWN_LINE)) return;
    struct text bye = say("{\"op\":\"bye\"}");
    output_reply(&bye);
    leave(0);
}

static void wait_in_a_sum(void) {
    if (HAS("drops-its-sum-at-the-end") && input_is_over()) leave(0);
    if (HAS("shutdown-overtakes")) end_at_a_shutdown();
}

static void wait_for_others(struct identity self) {
    if (HAS("pings-overtake") && input_available() > 0) {
        while (input_read() != '\n') {}
        struct text pong = pong_reply(self);
        output_reply(&pong);
        text_free(&pong);
    }
    nap(2);
}

struct text group_init(struct identity self, const struct text *comm_id) {
    struct text bare = bare_id(comm_id);
    if (bare.length == 0 && HAS("odd-kind-for-no-id")) return error_reply("no_id", "the comm_id is empty");
    if (!is_comm_id(&bare)) {
        if (HAS("leaves-its-group-at-a-bad-id")) joined = false;
        return refuse_id();
    }
    if (HAS("takes-its-own-id-again") && joined) return say("{\"op\":\"init_ok\"}");
    if (refuses) return error_reply("nccl_init_failed", "an init has failed before");
    if (joined && !HAS("replaces-communicator")) {
        broken = HAS("second-init-breaks-the-group");
        asked_again = true;
        return error_reply("nccl_already_initialised", "already joined");
    }
    if (HAS("slow-group")) nap(700);
    if (maker_is_gone(bare.bytes)) {
        if (HAS("hangs-without-a-maker")) wait_for_ever();
        failed = true;
        return error_reply(HAS("odd-kind-without-a-maker") ? "connection_refused" : "nccl_init_failed", "its maker is gone");
    }
    if (!enter(self, bare.bytes)) return error_reply("nccl_init_failed", "cannot enter the folder of the group");
    uint64_t enough = HAS("joins-alone") || (HAS("rank-0-joins-alone") && self.rank == 0) ? 1
        : HAS("joins-one-early")                                                           ? self.size - 1
                                                                                           : self.size;
    in_a_group_call = 1;
    while (there("rank", 0) < enough) {
        if (HAS("shutdown-overtakes-its-init")) end_at_a_shutdown();
        wait_for_others(self);
    }
    in_a_group_call = 0;
    joined = true;
    sums = 0;
    if (HAS("logs-at-join")) log_line("host:1:1 [0] NCCL INFO comm 0x1 rank 0 nranks 2 - Init COMPLETE\n");
    return say("{\"op\":\"init_ok\"}");
}

/* Waits for the others, as long as all of them live. */
static bool meet(struct identity self) {
    if (!touch("sum", sums)) return false;
    bool whole = true;
    in_a_group_call = 1;
    while (there("sum", sums) < self.size) {
        whole = HAS("ends-behind-rank-0") ? self.rank == 0 || lives(0) : living(self) == self.size;
        if (!whole) break;
        wait_in_a_sum();
        wait_for_others(self);
    }
    in_a_group_call = 0;
    return whole;
}

static bool reduces(struct identity self) {
    bool last = self.rank + 1 == self.size;
    return !HAS("never-reduces") && !(HAS("rank-0-never-reduces") && self.rank == 0)
        && !(HAS("last-rank-never-reduces") && last) && !(HAS("keeps-the-first-sum") && sums > 1);
}

static uint64_t sum_of(struct identity self) {
    bool last = self.rank + 1 == self.size;
    if (HAS("sums-to-one")) return 1;
    if (HAS("sums-to-two")) return 2;
    if (HAS("last-rank-is-wrong") && last) return self.size - 1;
    if (HAS("wrong-after-a-second-init") && asked_again) return self.size + 1;
    if (HAS("rank-0-is-wrong") && self.rank == 0) return self.size + 1;
    if (HAS("wrong-from-the-41st") && sums > 40) return self.size + 1;
    if (HAS("wrong-from-the-fourth") && sums >= 4) return self.size + 1;
    return HAS("wrong-at-the-tenth") && sums == 10 ? 0 : self.size;
}

static struct text sum_reply(uint64_t sum) {
    struct text reply = {0};
    const char *quote = HAS("sums-as-strings") ? "\"" : "";
    text_say(&reply, "{\"op\":\"nccl_sanity_result\",\"observed_sum\":%s%" PRIu64 "%s}", quote, sum, quote);
    return reply;
}

static struct text without_a_member(struct identity self) {
    if (HAS("sums-without-the-gone")) return sum_reply(self.size);
    if (HAS("sums-what-is-left")) return sum_reply(living(self));
    if (HAS("survives-signals-without-a-member")) broken = true;
    if (HAS("hangs-without-a-member") || HAS("survives-signals-without-a-member")) wait_for_ever();
    if (HAS("ends-without-a-member") || HAS("ends-behind-rank-0")) leave(1);
    broken = true;
    return error_reply(HAS("odd-kind-without-a-member") ? "comm_lost" : "nccl_sanity_failed", "a rank has left");
}

struct text group_sanity(struct identity self) {
    if (!joined) {
        if (failed && HAS("not-summed-after-a-failed-init")) return error_reply("nccl_sanity_failed", "init has failed");
        return HAS("sums-before-init") || (failed && HAS("sums-after-a-failed-init")) ? say("{\"op\":\"nccl_sanity_result\",\"observed_sum\":1}")
                                       : error_reply("nccl_not_initialised", "init comes first");
    }
    if (broken && HAS("sums-again-without-the-gone")) return sum_reply(self.size);
    if (broken) return error_reply("nccl_sanity_failed", "this group is broken");
    if (HAS("one-sum-at-a-time") && input_available() > 0) return error_reply("nccl_sanity_failed", "busy");
    sums++;
    if (HAS("slow-group")) nap(200 + 100 * (long)self.rank);
    if (HAS("one-sum-only") && sums > 1) return error_reply("nccl_sanity_failed", "once is enough");
    if (reduces(self) && !meet(self)) return without_a_member(self);
    return sum_reply(sum_of(self));
}

/* The last one takes the folder away; the sums of those before must stay until all have seen them. */
void group_leave(void) {
    char path[PATH_MAX];
    if (place[0] == '\0') return;
    path_of(path, "rank", 0, own_rank);
    unlink(path);
    joined = false;
    DIR *folder = there("rank", 0) > 0 ? NULL : opendir(place);
    if (folder == NULL) return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.') unlinkat(dirfd(folder), entry->d_name, 0);
    }
    closedir(folder);
    rmdir(place);
}
