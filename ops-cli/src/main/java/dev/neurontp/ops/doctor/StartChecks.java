package dev.neurontp.ops.doctor;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.ops.doctor.check.Checks;
import dev.neurontp.ops.doctor.check.Evidence;
import dev.neurontp.ops.doctor.check.Level;
import dev.neurontp.ops.doctor.check.Wanted;
import dev.neurontp.ops.doctor.host.Host;
import dev.neurontp.ops.doctor.host.KernelLog;
import dev.neurontp.ops.doctor.probe.Answer;
import java.time.Duration;
import java.util.List;

/** The rows that are looked at before a pool over NCCL is started: files only, no driver is asked. */
public final class StartChecks {
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private StartChecks() {}

    /**
     * What will keep such a pool from starting here, one line for each; none where nothing is known against it.
     *
     * @param devices the GPU of each rank; empty for 0 to size-1
     */
    public static List<String> obstacles(int size, List<Long> devices) throws InterruptedException {
        Answer silent = Answer.notAsked("not asked before a start");
        Host host = Host.ofThisProcess(new KernelLog.Reading.Unreadable("not asked before a start"));
        return obstacles(new Evidence(host, new Wanted(size, devices, true, true, false), silent, silent));
    }

    static List<String> obstacles(Evidence evidence) throws InterruptedException {
        return Examination.of(evidence, Checks.BEFORE_START, Deadline.in(LONGEST)).stream()
                .filter(result -> result.finding().level() == Level.FAIL)
                .map(result -> result.row() + " " + result.row().title() + ": "
                        + result.finding().seen() + ". Wanted: "
                        + result.finding().wanted() + ". -> "
                        + result.finding().remedy())
                .toList();
    }
}
