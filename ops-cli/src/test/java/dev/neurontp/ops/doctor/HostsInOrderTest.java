package dev.neurontp.ops.doctor;

import static dev.neurontp.ops.doctor.Examined.answer;
import static dev.neurontp.ops.doctor.Examined.bad;
import static dev.neurontp.ops.doctor.Examined.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.doctor.check.Level;
import dev.neurontp.ops.doctor.check.Row;
import dev.neurontp.ops.doctor.check.Wanted;
import dev.neurontp.ops.doctor.probe.Facts;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts of which no row may say anything: a healthy one, and others in which something only looks like a fault. */
@Tag("long")
class HostsInOrderTest {
    private static Facts healthy = Facts.NONE;

    @TempDir
    private Path root;

    @BeforeAll
    static void askAHealthyNvml() throws InterruptedException {
        Examined.requireNvml();
        healthy = answer("").facts();
    }

    @Test
    void aHealthyHostIsOkInEveryRow() throws InterruptedException {
        assertThat(results(new MadeUpHost(root), healthy))
                .hasSize(Row.values().length)
                .allSatisfy(result ->
                        assertThat(result.finding().level()).as("%s", result).isEqualTo(Level.OK));
    }

    /** As in a Slurm job with ConstrainDevices: /sys and /dev show all GPUs, and the control group refuses those of other jobs. */
    @Test
    void aJobWithAPartOfTheGpusIsOkInEveryRow() throws InterruptedException {
        MadeUpHost host = new MadeUpHost(root);
        host.wanted = new Wanted(2, List.of(), true, true, false);
        host.cuda.put("devices", "2");
        for (int i = 2; i < MadeUpHost.GPUS; i++) {
            host.refuse("/dev/nvidia" + i);
        }
        List<Result> results = results(host, answer("", 2).facts());
        assertThat(bad(results)).isEmpty();
        assertThat(results)
                .filteredOn(result -> EnumSet.of(Row.D38, Row.D39).contains(result.row()))
                .allSatisfy(result -> assertThat(result.finding().seen()).contains("6 are not for this process"));
    }

    /** As in LXC, Enroot and Apptainer: /sys shows all GPUs, /dev those that the container was given. */
    @Test
    void aContainerWithAPartOfTheGpusIsOkInEveryRow() throws InterruptedException {
        MadeUpHost host = new MadeUpHost(root);
        host.wanted = new Wanted(2, List.of(), true, true, false);
        host.cuda.put("devices", "2");
        for (int i = 2; i < MadeUpHost.GPUS; i++) {
            host.remove("/dev/nvidia" + i);
            host.nvml.put("open./dev/nvidia" + i, "");
        }
        assertThat(bad(results(host, answer("", 2).facts()))).isEmpty();
    }

    /** An image may have a fabric manager for hosts with NVSwitches; without them nobody needs it. */
    @Test
    void anOldFabricManagerWithoutNvSwitchesIsNoFault() throws InterruptedException {
        MadeUpHost host = new MadeUpHost(root);
        host.fabricManager = Optional.of("550.54.15");
        host.remove("/proc/driver/nvidia-nvswitch/devices/0000:80:00.0");
        host.hideFabric();
        assertThat(bad(results(host, healthy))).isEmpty();
    }

    /** As in many virtual machines: the kernel has -1 for what it does not know. */
    @Test
    void gpusWhoseNumaNodeNobodyKnowsAreNoFault() throws InterruptedException {
        MadeUpHost host = new MadeUpHost(root);
        for (int i = 1; i <= MadeUpHost.GPUS; i++) {
            host.write("/sys/bus/pci/devices/0000:0" + i + ":00.0/numa_node", "-1");
        }
        List<Result> results = results(host, healthy);
        assertThat(bad(results)).isEmpty();
        assertThat(results)
                .filteredOn(result -> result.row() == Row.D48)
                .singleElement()
                .satisfies(result -> assertThat(result.finding().level()).isEqualTo(Level.SKIPPED));
    }

    /** As on a host with Docker networks or Kubernetes: their names come first, their indexes last, and some have no address. */
    @ParameterizedTest
    @CsvSource({"br-1a2b, lo eno1 br-1a2b", "cali12, lo eno1", "cni0, lo eno1 docker0 cni0"})
    void anInterfaceThatNcclDoesNotTakeIsNoFault(String other, String addressed) throws InterruptedException {
        MadeUpHost host = new MadeUpHost(root);
        host.write("/sys/class/net/" + other + "/operstate", "up");
        host.interfaces = List.of(addressed.split(" ", -1));
        List<Result> results = results(host, healthy);
        assertThat(bad(results)).isEmpty();
        assertThat(results)
                .filteredOn(result -> result.row() == Row.D20)
                .singleElement()
                .satisfies(result -> assertThat(result.finding().seen()).isEqualTo("NCCL would take eno1"));
    }

    /** A mark that came with srun from another host, one of a container with pids of its own, and one whose leader runs. */
    @ParameterizedTest
    @CsvSource({"other-boot-4690-77-3, pid:[1]", "1b-2c-4690-77-3, pid:[2]", "1b-2c-4691-77-3, pid:[1]"})
    void aRankWhoseLeaderMayRunIsNoOrphan(String mark, String namespace) throws InterruptedException {
        MadeUpHost host = new MadeUpHost(root);
        host.process(4712, "java", 80, 4712, "java\0--worker\0--rank\0001\0");
        host.rankOf(4712, mark, namespace);
        host.process(4691, "java", 1, 4691, "neuron\0", 77);
        assertThat(bad(results(host, healthy))).isEmpty();
    }
}
