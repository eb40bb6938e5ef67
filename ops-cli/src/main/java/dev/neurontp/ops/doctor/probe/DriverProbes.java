package dev.neurontp.ops.doctor.probe;

import dev.neurontp.harness.process.JavaProgram;
import dev.neurontp.ops.doctor.cuda.PeerProbe;
import dev.neurontp.ops.doctor.nvml.NvmlProbe;
import dev.neurontp.ops.doctor.nvml.NvmlWatch;
import dev.neurontp.worker.comm.nccl.HostProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Programs of this project that ask the driver, each in a JVM of its own. Nothing of the driver is loaded in this process. */
public final class DriverProbes {
    private static final Duration AWAKE = Duration.ofSeconds(8);
    private static final Duration WAKING = Duration.ofSeconds(3);

    private DriverProbes() {}

    /**
     * How long the driver may take to answer a program. Where persistence is off it wakes every GPU for whoever asks first, one after
     * the other.
     *
     * @param gpus on the PCI bus
     */
    public static Duration bound(int gpus) {
        return AWAKE.plus(WAKING.multipliedBy(gpus));
    }

    /** What NVML says. */
    public static Answer nvml(Duration bound) throws InterruptedException {
        return nvml(Map.of(), bound);
    }

    /** The same with some variables set in its environment. */
    public static Answer nvml(Map<String, String> environment, Duration bound) throws InterruptedException {
        return Answer.of(BoundedChild.run(JavaProgram.command(NvmlProbe.class), environment, bound));
    }

    /**
     * What NVML counts, to be asked again and again.
     *
     * @throws IOException when the program cannot be started
     */
    public static ProbeSession nvmlWatch(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(JavaProgram.command(NvmlWatch.class));
        builder.environment().putAll(environment);
        return ProbeSession.start(builder, NvmlWatch.END);
    }

    /** What the CUDA driver and NCCL say. */
    public static Answer cuda(Duration bound) throws InterruptedException {
        return Answer.of(BoundedChild.run(JavaProgram.command(HostProbe.class), bound));
    }

    /**
     * Copies from each GPU to each other one: the first answer is of the GPUs, each later one of the next copy.
     *
     * @param devices as this process counts them
     * @param copies measured copies of each size
     * @throws IOException when the program cannot be started
     */
    public static ProbeSession peers(
            Map<String, String> environment, List<Long> devices, long bytes, int copies, long seed) throws IOException {
        List<String> command = JavaProgram.command(PeerProbe.class);
        command.addAll(List.of(Long.toString(bytes), Integer.toString(copies), Long.toString(seed)));
        devices.forEach(device -> command.add(Long.toString(device)));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return ProbeSession.start(builder, PeerProbe.END);
    }
}
