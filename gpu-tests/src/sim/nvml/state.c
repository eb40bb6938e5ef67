/* The setting that makes a simulated GPU ill: NEURONTP_SIM_NVML. docs/doctor.md has all of its entries. */
#include "internal.h"

/* Finds the entry; value points behind its '=', or is NULL where it has none, and length is that of the value. */
static bool find(const char *what, int gpu, const char **value, size_t *length) {
    const char *at = getenv("NEURONTP_SIM_NVML");
    size_t name = strlen(what);
    while (at != NULL && *at != '\0') {
        size_t entry = strcspn(at, ",");
        if (entry >= name && strncmp(at, what, name) == 0) {
            const char *rest = at + name;
            bool here = true;
            if (*rest == '@') {
                char *end = NULL;
                here = strtol(rest + 1, &end, 10) == gpu;
                rest = end;
            }
            const char *end = rest + strcspn(rest, "#,");
            bool now = *end != '#' || (gpu >= 0 && sim_looks(gpu) >= strtoul(end + 1, NULL, 10));
            bool whole = rest == end;
            if (here && now && (whole || *rest == '=')) {
                *value = whole ? NULL : rest + 1;
                *length = whole ? 0 : (size_t)(end - rest - 1);
                return true;
            }
        }
        at += entry;
        if (*at == ',') at++;
    }
    return false;
}

bool sim_state_text(const char *what, int gpu, char *out, size_t size) {
    const char *value;
    size_t length;
    if (!find(what, gpu, &value, &length) || value == NULL || size == 0) return false;
    if (length >= size) length = size - 1;
    memcpy(out, value, length);
    out[length] = '\0';
    return true;
}

bool sim_state(const char *what, int gpu, long long *value) {
    const char *text;
    size_t length;
    if (!find(what, gpu, &text, &length)) return false;
    *value = text == NULL ? 1 : strtoll(text, NULL, 0);
    return true;
}

long long sim_state_or(const char *what, int gpu, long long otherwise) {
    long long value;
    return sim_state(what, gpu, &value) ? value : otherwise;
}
