package dev.neurontp.ops.doctor;

import dev.neurontp.ops.doctor.check.Evidence;
import dev.neurontp.ops.doctor.check.Row;
import dev.neurontp.ops.doctor.check.Wanted;
import dev.neurontp.ops.doctor.host.FabricManager;
import dev.neurontp.ops.doctor.host.Host;
import dev.neurontp.ops.doctor.host.HostFiles;
import dev.neurontp.ops.doctor.host.KernelLog;
import dev.neurontp.ops.doctor.host.PciGpu;
import dev.neurontp.ops.doctor.probe.Answer;
import dev.neurontp.ops.doctor.probe.DriverProbes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Asks this host all that the rows need: its files, then NVML, then CUDA and NCCL, each in a process of its own that may
 * hang.
 */
final class Doctor {
    private static final Duration FABRIC_MANAGER = Duration.ofSeconds(2);
    private static final Duration KERNEL_LOG = Duration.ofSeconds(2);

    private Doctor() {}

    /** What was found out and what it means. */
    record Diagnosis(Evidence evidence, List<Result> results) {
        Diagnosis {
            results = List.copyOf(results);
        }

        /** Whether a stand-in answered, so that this says nothing about hardware. */
        boolean simulated() {
            return evidence.nvml()
                            .facts()
                            .text("simulation")
                            .filter("true"::equals)
                            .isPresent()
                    || evidence.cuda()
                            .facts()
                            .text("simulation")
                            .filter("true"::equals)
                            .isPresent();
        }
    }

    /**
     * Examines this host.
     *
     * @param everything whether all is asked, also what these rows do not need
     */
    static Diagnosis examine(Wanted wanted, Set<Row> rows, boolean everything) throws InterruptedException {
        Duration bound =
                DriverProbes.bound(PciGpu.of(new HostFiles(Path.of("/"))).size());
        KernelLog.Reading log = everything || (rows.contains(Row.D30) && wanted.nccl())
                ? KernelLog.read(KERNEL_LOG)
                : new KernelLog.Reading.Unreadable("nobody asked");
        Host host = Host.ofThisProcess(log);
        if (everything || (rows.contains(Row.D06) && wanted.nccl())) {
            host = host.withFabricManager(FabricManager.version(FABRIC_MANAGER));
        }
        boolean files = !everything && (!wanted.nccl() || rows.stream().allMatch(Doctor::needsNoDriver));
        Answer nvml = files ? Answer.notAsked("not asked") : DriverProbes.nvml(bound);
        // A driver that hangs for one hangs for the next one too, and leaves one more process.
        Answer cuda = files || nvml.hang().isPresent()
                ? Answer.notAsked(files ? "not asked" : "NVML hangs")
                : DriverProbes.cuda(bound);
        Evidence evidence = new Evidence(host, wanted, nvml, cuda);
        Set<Row> looked = EnumSet.copyOf(rows);
        if (nvml.hang().isPresent() || cuda.hang().isPresent()) {
            // Whatever rows were asked for: their driver hangs, and this row says where.
            looked.add(Row.D00);
        }
        return new Diagnosis(evidence, Examination.of(evidence, looked));
    }

    private static boolean needsNoDriver(Row row) {
        return row.needs() == Row.Needs.FILES && row != Row.D00;
    }
}
