#ifndef SIM_NVML_INTERNAL_H
#define SIM_NVML_INTERNAL_H

#include "../common.h"
#include "abi.h"

#define SIM_LINKS 18
#define SIM_MOST_GPUS 64

struct sim_nvml_device {
    int index;
};

/*
 * Whether NEURONTP_SIM_NVML sets a state: entries what[@gpu][=value][#n], separated by commas. An entry without @gpu counts for
 * every GPU, one with #n from the n-th look at the GPU on. value becomes its number, 1 where it has none.
 */
bool sim_state(const char *what, int gpu, long long *value);

/* The text of such an entry's value, into out; false where it is not set. */
bool sim_state_text(const char *what, int gpu, char *out, size_t size);

/* A number of one GPU, or what a healthy one says. */
long long sim_state_or(const char *what, int gpu, long long otherwise);

/* NVML_SUCCESS where the device may be asked. */
int sim_check(nvmlDevice_t device, const void *out);

bool sim_initialised(void);

/* Counts a look at the GPU: its temperature is asked for, which a watch does once for each reading. */
void sim_looked(int gpu);

/* How often that was so in this process. */
unsigned sim_looks(int gpu);

#endif
