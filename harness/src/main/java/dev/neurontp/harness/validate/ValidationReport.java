package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.worker.Communicators;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A whole run.
 *
 * @param command the worker's command
 * @param communicator by its name
 * @param ranks empty where the pool did not start
 * @param stopped why it ended before its last case; empty where it did not
 */
public record ValidationReport(
        Instant startedAt,
        Duration took,
        List<String> command,
        String communicator,
        Plan plan,
        List<RankDevice> ranks,
        List<CaseResult> results,
        Stop stopped) {
    /** Why a run ended before its last case. */
    public enum Stop {
        NO,
        INTERRUPTED,
        OUT_OF_TIME,
        /** Somebody else keeps the pool busy. */
        BUSY,
        /** The daemon of the pool does not answer any more, or refuses. */
        UNREACHABLE,
        /** Hardware was required, and none is behind the ranks. */
        HARDWARE_REQUIRED,
        /** A threshold was given, and no hardware is behind the ranks. */
        NO_HARDWARE
    }

    public ValidationReport {
        command = List.copyOf(command);
        ranks = List.copyOf(ranks);
        results = List.copyOf(results);
    }

    /** Whether real GPUs were behind it. A rank's word for GPUs is not taken where the pool uses none. */
    public Hardware hardware() {
        Hardware said = Hardware.of(ranks);
        boolean simulated = said == Hardware.REAL
                ? !needsGpu(communicator)
                : results.stream()
                        .flatMap(result -> result.ranks().values().stream())
                        .anyMatch(XCollectiveResult::simulated);
        return simulated ? Hardware.SIMULATED : said;
    }

    /** Whether the communicator of that name uses GPUs, as far as it is known here. */
    static boolean needsGpu(String communicator) {
        return Communicators.find(communicator)
                .map(CommunicatorProvider::needsGpu)
                .orElse(true);
    }

    /** Whether no hardware is known to have been behind it: nothing measured then counts. */
    public boolean simulated() {
        return hardware() != Hardware.REAL;
    }

    public long count(Status status) {
        return results.stream().filter(result -> result.status() == status).count();
    }

    /** Whether at least one element was compared, or one plain sum. */
    public boolean checkedAnything() {
        return results.stream()
                .anyMatch(result -> result.of().phase() == Phase.CORRECTNESS
                        && (result.status() == Status.PASS || result.status() == Status.FAIL));
    }

    /** See docs/validation.md. */
    public int exitCode() {
        if (count(Status.FAIL) > 0 && stopped != Stop.NO_HARDWARE) {
            return ExitCode.FAILED;
        }
        return switch (stopped) {
            case NO_HARDWARE -> ExitCode.USAGE;
            case INTERRUPTED -> ExitCode.signal(2);
            case OUT_OF_TIME, BUSY -> ExitCode.TIMED_OUT;
            case UNREACHABLE, HARDWARE_REQUIRED -> ExitCode.COULD_NOT_RUN;
            case NO -> checkedAnything() ? ExitCode.OK : ExitCode.COULD_NOT_RUN;
        };
    }

    /** The same where hardware is required: without it, it is no pass. */
    public ValidationReport requiringHardware() {
        return simulated() && exitCode() == ExitCode.OK
                ? new ValidationReport(
                        startedAt, took, command, communicator, plan, ranks, results, Stop.HARDWARE_REQUIRED)
                : this;
    }

    /** Whether it says something of the whole, or was ended as somebody had asked for. */
    public boolean isComplete() {
        return stopped != Stop.BUSY && stopped != Stop.UNREACHABLE && exitCode() != ExitCode.COULD_NOT_RUN;
    }

    /** What was said when the pool could not be asked any more, in lines; none where it could. */
    public List<String> whyIncomplete() {
        return stopped == Stop.BUSY || stopped == Stop.UNREACHABLE
                ? results.stream()
                        .filter(result -> result.status() == Status.SKIPPED)
                        .map(CaseResult::evidence)
                        .filter(lines -> !lines.isEmpty())
                        .findFirst()
                        .orElse(List.of())
                : List.of();
    }

    /** The verdict in a word or two. */
    public String verdict() {
        String word = switch (exitCode()) {
            case ExitCode.OK -> "PASSED";
            case ExitCode.FAILED -> "FAILED";
            case ExitCode.USAGE -> "REFUSED";
            case ExitCode.COULD_NOT_RUN ->
                switch (stopped) {
                    case UNREACHABLE -> "UNREACHABLE";
                    case HARDWARE_REQUIRED -> "NO HARDWARE";
                    default -> "NO COLLECTIVE CHECKED";
                };
            case ExitCode.TIMED_OUT -> stopped == Stop.BUSY ? "BUSY" : "OUT OF TIME";
            default -> "INTERRUPTED";
        };
        return switch (hardware()) {
            case REAL -> word;
            case SIMULATED -> word + " (SIMULATED, no GPU was used)";
            case UNKNOWN -> word + " (HARDWARE UNKNOWN)";
        };
    }

    /** Such as {@code 214 passed, 2 failed, 6 skipped}. */
    public String counts() {
        StringBuilder words = new StringBuilder();
        append(words, Status.PASS, "passed");
        append(words, Status.FAIL, "failed");
        append(words, Status.WARN, "with a warning");
        append(words, Status.SKIPPED, "skipped");
        append(words, Status.MEASURED, "measured only");
        return words.isEmpty() ? "no case" : words.toString();
    }

    private void append(StringBuilder words, Status status, String name) {
        long count = count(status);
        if (count > 0) {
            words.append(words.isEmpty() ? "" : ", ").append(count).append(' ').append(name);
        }
    }
}
