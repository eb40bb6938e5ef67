package dev.neurontp.ops.doctor;

import dev.neurontp.ops.doctor.check.Checks;
import dev.neurontp.ops.doctor.check.Evidence;
import dev.neurontp.ops.doctor.check.Finding;
import dev.neurontp.ops.doctor.check.Level;
import dev.neurontp.ops.doctor.check.Wanted;
import dev.neurontp.ops.doctor.host.Host;
import dev.neurontp.ops.doctor.host.KernelLog;
import dev.neurontp.ops.doctor.probe.Answer;
import java.util.List;

/** The rows that are looked at before a pool over NCCL is started: files only, no driver is asked. */
public final class StartChecks {
    private StartChecks() {}

    /**
     * What one row found.
     *
     * @param row such as {@code D11 shm}
     * @param words what was seen, what is wanted and what to do; or why nobody could look
     */
    public record Outcome(String row, Level level, String words) {}

    /**
     * Whether this host's files show a sign of an NVIDIA GPU. Where they do not, only the workers can say what they run on: they
     * may have been given a stand-in.
     */
    public static boolean anyGpu() {
        return evidence(0, List.of()).anyGpu();
    }

    /**
     * What each row found.
     *
     * @param size the ranks of the pool
     * @param devices the GPU of each rank; empty for 0 to size-1
     */
    public static List<Outcome> outcomes(int size, List<Long> devices) throws InterruptedException {
        return outcomes(evidence(size, devices));
    }

    /**
     * What will keep such a pool from starting here, one line for each; none where nothing is known against it.
     *
     * @param devices the GPU of each rank; empty for 0 to size-1
     */
    public static List<String> obstacles(int size, List<Long> devices) throws InterruptedException {
        return obstacles(evidence(size, devices));
    }

    private static Evidence evidence(int size, List<Long> devices) {
        Answer silent = Answer.notAsked("not asked before a start");
        Host host = Host.ofThisProcess(new KernelLog.Reading.Unreadable("not asked before a start"));
        return new Evidence(host, new Wanted(size, devices, true, true, false), silent, silent);
    }

    static List<String> obstacles(Evidence evidence) throws InterruptedException {
        return outcomes(evidence).stream()
                .filter(outcome -> outcome.level() == Level.FAIL)
                .map(outcome -> outcome.row() + ": " + outcome.words())
                .toList();
    }

    static List<Outcome> outcomes(Evidence evidence) throws InterruptedException {
        return Examination.of(evidence, Checks.BEFORE_START).stream()
                .map(result -> new Outcome(
                        result.row() + " " + result.row().title(),
                        result.finding().level(),
                        words(result.finding())))
                .toList();
    }

    private static String words(Finding finding) {
        return finding.seen()
                + (finding.wanted().isEmpty() ? "" : ". Wanted: " + finding.wanted())
                + (finding.remedy().isEmpty() ? "" : ". -> " + finding.remedy());
    }
}
