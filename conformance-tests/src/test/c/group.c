/* Workers that meet in a folder beside this program, named after their comm_id. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "worker.h"

static char place[PATH_MAX], mine[PATH_MAX + 32];
static bool joined;
static int sums;

static size_t there(void) {
    DIR *folder = opendir(place);
    size_t count = 0;
    if (folder == NULL) return 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

bool is_comm_id(const struct text *id) {
    const char *digits = HAS("lower-case-ids-only") ? "0123456789abcdef" : "0123456789abcdefABCDEF";
    return id->length == 256 && strspn(id->bytes, digits) == 256;
}

static bool enter(struct identity self, const char *id) {
    group_leave();
    char own[PATH_MAX] = "";
    char name[25] = "";
    if (readlink("/proc/self/exe", own, sizeof own - 1) < 0) return false;
    for (int i = 0; i < 24; i++) name[i] = (char)tolower(id[i]);
    if (snprintf(place, sizeof place, "%s/mutant-group-%s", dirname(own), name) >= (int)sizeof place) return false;
    snprintf(mine, sizeof mine, "%s/rank-%" PRIu64, place, self.rank);
    mkdir(place, 0777);
    int file = open(mine, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    return file >= 0 && close(file) == 0;
}

struct text group_init(struct identity self, const struct text *comm_id) {
    if (!is_comm_id(comm_id)) {
        return HAS("takes-any-id") ? say("{\"op\":\"init_ok\"}")
                                   : error_reply(HAS("bad-id-is-bad-request") ? "bad_request" : "nccl_init_failed", "no comm_id");
    }
    if (joined && !HAS("replaces-communicator")) return error_reply("nccl_already_initialised", "already joined");
    if (HAS("slow-group")) nap(700);
    if (!enter(self, comm_id->bytes)) return error_reply("nccl_init_failed", "cannot enter the folder of the group");
    while (!HAS("joins-alone") && there() < self.size) nap(2);
    joined = true;
    return say("{\"op\":\"init_ok\"}");
}

struct text group_sanity(struct identity self) {
    if (!joined) {
        return HAS("sums-before-init") ? say("{\"op\":\"nccl_sanity_result\",\"observed_sum\":1}")
                                       : error_reply("nccl_not_initialised", "init comes first");
    }
    sums++;
    if (HAS("slow-group")) nap(200 + 100 * (long)self.rank);
    if (HAS("one-sum-only") && sums > 1) return error_reply("nccl_sanity_failed", "once is enough");
    struct text reply = {0};
    text_say(&reply, "{\"op\":\"nccl_sanity_result\",\"observed_sum\":%" PRIu64 "}",
        HAS("sums-to-one") ? 1 : HAS("sums-to-two") ? 2 : self.size);
    return reply;
}

/* The last one takes the folder away. */
void group_leave(void) {
    if (mine[0] == '\0') return;
    unlink(mine);
    rmdir(place);
}
