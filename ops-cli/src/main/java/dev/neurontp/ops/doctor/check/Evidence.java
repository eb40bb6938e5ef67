package dev.neurontp.ops.doctor.check;

import static java.util.Objects.requireNonNull;

import dev.neurontp.ops.doctor.host.Host;
import dev.neurontp.ops.doctor.host.PciGpu;
import dev.neurontp.ops.doctor.probe.Answer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * All that was found out.
 *
 * @param nvml what the driver's management library said
 * @param cuda what the CUDA driver and NCCL said
 */
public record Evidence(Host host, Wanted wanted, Answer nvml, Answer cuda) {
    private static final int MOST_GPUS = 64;

    public Evidence {
        requireNonNull(host, "host is null");
        requireNonNull(wanted, "wanted is null");
        requireNonNull(nvml, "nvml is null");
        requireNonNull(cuda, "cuda is null");
    }

    /** The NVIDIA GPUs on the PCI bus. */
    public List<PciGpu> pci() {
        return PciGpu.of(host.files());
    }

    /** The GPUs that NVML lists, in its order. */
    public List<Gpu> gpus() {
        long count = nvml.facts().number("count").orElse(0L);
        return IntStream.range(0, Math.clamp(count, 0, MOST_GPUS))
                .mapToObj(index -> new Gpu(index, nvml.facts().below("gpu." + index + ".")))
                .toList();
    }

    /** Whether there is any sign of an NVIDIA GPU. */
    public boolean anyGpu() {
        return !pci().isEmpty()
                || !gpus().isEmpty()
                || nvml.hang().isPresent()
                || nvml.facts()
                        .text("init")
                        .filter(result -> !result.equals("0"))
                        .isPresent()
                || host.files().exists("/proc/driver/nvidia/version")
                || !DeviceNodes.gpus(host.files()).isEmpty();
    }

    /** How many GPUs there are for this process, by the best source that answered; empty where none did. */
    public Optional<Integer> gpuCount() {
        if (!gpus().isEmpty()) {
            return Optional.of(gpus().size());
        }
        int nodes = DeviceNodes.usableGpus(host.files()).size();
        return nodes > 0 ? Optional.of(nodes) : Optional.of(pci().size()).filter(count -> count > 0);
    }

    /** The ranks of the pool: as asked, else one for each GPU, at least one. */
    public int ranks() {
        return wanted.ranks() > 0 ? wanted.ranks() : Math.max(1, gpuCount().orElse(1));
    }
}
