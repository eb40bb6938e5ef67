/* The command line. Refused, it says why and ends the process with 2. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "worker.h"

#define MOST_DIGITS 30

static const char *const NAMES[] = {"--rank", "--tp-size", "--cuda-device"};

static const char *const WITH_UNDERSCORES[] = {"--rank", "--tp_size", "--cuda_device"};

static _Noreturn void refuse(const char *name, const char *why) {
    if (HAS("usage-on-stdout")) printf("%s %s\n", name, why);
    for (int i = 0; i < 500 && HAS("long-usage"); i++) fputs("  --option VALUE  does something\n", stderr);
    if (!HAS("silent-refusal")) fprintf(stderr, "%s %s\n", name, why);
    exit(HAS("refuses-with-1") ? 1 : 2);
}

static _Noreturn void help(const char *name) {
    if (HAS("no-help")) refuse(name, "is no option");
    if (HAS("leaves-a-child-at-help")) leave_child();
    fputs("mutant 1.0\n", HAS("help-on-stderr") ? stderr : stdout);
    for (int i = 0; i < 500 && HAS("long-help"); i++) puts("  --option VALUE  does something");
    exit(0);
}

/* Of the other scripts, the full-width forms and the Arabic digits are enough. */
static int digit(int32_t point) {
    if (point >= '0' && point <= '9') return point - '0';
    if (point == 0xb2 && HAS("dies-at-other-digits")) abort();
    if (!HAS("unicode-digits")) return -1;
    if (point >= 0xff10 && point <= 0xff19) return point - 0xff10;
    return point >= 0x660 && point <= 0x669 ? point - 0x660 : -1;
}

static bool starts(const char *value, const char *beginning) {
    return strncmp(value, beginning, strlen(beginning)) == 0;
}

/* What stands before an ending that leaves a whole number as it is. */
static size_t without(const char *digits, const char *ending) {
    size_t length = strlen(digits), behind = strlen(ending);
    bool ends = length > behind && strcmp(digits + length - behind, ending) == 0;
    return ends ? length - behind : length;
}

/* For workers that read some of what is no decimal number with a library of theirs; false where it is not for them. */
static bool is_taken(const char *name, const char *value, uint64_t *number) {
    bool device = strcmp(name, "--cuda-device") == 0, size = strcmp(name, "--tp-size") == 0;
    bool hex = (HAS("takes-0X") && starts(value, "0X")) || (HAS("devices-in-hex") && device && starts(value, "0x"))
        || (HAS("sizes-in-hex") && size && starts(value, "0x"));
    *number = strtoull(value, NULL, hex ? 16 : 10);
    if (hex || (HAS("takes-a-leading-tab") && value[0] == '\t')) return true;
    if (size) return (HAS("sizes-behind-a-blank") && value[0] == ' ') || (HAS("sizes-by-words") && value[0] > '9');
    if (!device) return HAS("ranks-by-words") && value[0] > '9';
    if (HAS("devices-behind-a-blank") && value[0] == ' ') return true;
    if (HAS("devices-in-lists") && strchr(value, ',') != NULL) return true;
    return (HAS("devices-of-any-length") && strlen(value) > 18) || (HAS("all-devices") && strcmp(value, "all") == 0);
}

static uint64_t number(const char *name, const char *value) {
    uint64_t taken;
    if (is_taken(name, value, &taken)) return taken & UINT32_MAX;
    const char *digits = HAS("takes-plus") && value[0] == '+' ? value + 1 : value;
    size_t length = HAS("takes-fractions-of-0") ? without(digits, ".0")
        : HAS("takes-exponents-of-0")           ? without(digits, "e0")
                                                : strlen(digits);
    if (HAS("trims-numbers")) {
        size_t before = strspn(digits, " \t\n");
        digits += before;
        length = strcspn(digits, " \t\n");
    }
    if (HAS("negative-numbers-wrap") && digits[0] == '-') return (uint32_t)strtoull(digits, NULL, 10);
    uint64_t number = 0;
    int count = 0;
    bool over = false;
    for (size_t at = 0; at < length;) {
        if (digits[at] == '_' && HAS("takes-underscores")) {
            at++;
            continue;
        }
        int next = digit(point_at(digits, length, &at));
        if (next < 0 || ++count > MOST_DIGITS) refuse(name, "is no number");
        number = number * 10 + (uint64_t)next; /* wraps where it is over, which leaves the low bits right */
        over = over || number > UINT32_MAX;
    }
    if (count == 0) refuse(name, "is no number");
    if (HAS("refuses-01") && count > 1 && digits[0] == '0') refuse(name, "has a zero before its number");
    if (HAS("wraps-at-64-bits")) over = number > UINT32_MAX;
    if (over && !HAS("wraps-numbers")) refuse(name, "is over 4294967295");
    if (number > INT32_MAX && HAS("signed-numbers")) refuse(name, "is over 2147483647");
    if (HAS("rounds-int-max") && number == INT32_MAX) return number + 1;
    return number & UINT32_MAX;
}

static int known(const char *name) {
    size_t length = strlen(name);
    for (int i = 0; i < 3; i++) {
        if (strcmp(name, NAMES[i]) == 0) return i;
        if (HAS("any-case-options") && strcasecmp(name, NAMES[i]) == 0) return i;
        if (HAS("underscores-in-options") && strcmp(name, WITH_UNDERSCORES[i]) == 0) return i;
        if (HAS("options-by-their-beginning") && strncmp(name, NAMES[i], strlen(NAMES[i])) == 0) return i;
        if (HAS("takes-abbreviations") && length > 2 && strncmp(name, NAMES[i], length) == 0) return i;
    }
    return -1;
}

struct identity arguments_parse(int count, char **arguments) {
    uint64_t given[3] = {0};
    bool seen[3] = {false};
    for (int i = 0; i < count; i++) {
        char *name = arguments[i], *value = NULL;
        if (strcmp(name, "--worker") == 0) continue;
        if (strcmp(name, "--help") == 0 || strcmp(name, "--version") == 0) help(name);
        char *equals = strchr(name, '=');
        if (equals != NULL && !HAS("no-equals-form")) {
            *equals = '\0';
            value = equals + 1;
        }
        int which = known(name);
        if (which < 0) {
            if (HAS("takes-unknown-options") || (HAS("more-options") && strcmp(name, "--port") == 0)) continue;
            if (HAS("takes-letters") && name[0] == '-' && name[1] != '-') continue;
            if (HAS("takes-unknown-values") && value != NULL) continue;
            if (HAS("takes-what-follows") && seen[0] && seen[1] && seen[2]) continue;
            if (HAS("knows-a-letter") && strcmp(name, "-x") == 0) continue;
            refuse(name, "is no option");
        }
        if (seen[which] && !HAS("last-option-wins")) refuse(name, "is given twice");
        seen[which] = true;
        if (value == NULL && ++i >= count) {
            if (which == 2 && HAS("device-without-a-value")) break;
            refuse(name, "wants a value");
        }
        given[which] = number(name, value != NULL ? value : arguments[i]);
    }
    uint64_t rank = given[0];
    uint64_t size = seen[1] ? given[1] : HAS("size-follows-rank") ? rank + 1 : HAS("default-size-0") ? 0 : 1;
    if (HAS("no-rank-of-all-ones") && rank == UINT32_MAX) rank = 0;
    if (HAS("size-0-is-1") && size == 0) size = 1;
    if (HAS("rank-of-the-environment") && getenv("RANK") != NULL) rank = strtoull(getenv("RANK"), NULL, 10);
    uint64_t device = seen[2] ? given[2] : HAS("device-follows-rank") ? rank : 0;
    if (HAS("cross-checks") && rank >= size) refuse("--rank", "is not below --tp-size");
    return (struct identity){rank, size, device};
}
