package dev.neurontp.harness.pool;

import dev.neurontp.harness.text.Ranks;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.rpc.WorkerResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is known of one rank that failed. The first line of the message is complete; the last lines of stderr follow. */
public final class RankFailure extends Exception {
    private static final long serialVersionUID = 1;
    private static final int QUOTED_LINES = 10;

    private final int rank;
    private final long pid;
    private final String host;
    private final String op;
    private final Duration elapsed;
    private final String reason;
    private final String nature;
    private final String end;
    private final String errorKind;
    private final String errorMessage;

    @SuppressWarnings("serial") // an immutable list of strings
    private final List<String> stderr;

    RankFailure(RankFault fault, long pid, String end, List<String> stderr) {
        this(fault, pid, Optional.empty(), end, stderr);
    }

    /** The same of a rank on another host. */
    RankFailure(RankFault fault, long pid, Optional<String> host, String end, List<String> stderr) {
        super(text(fault, pid, host, end, stderr));
        this.host = host.orElse(null);
        this.rank = fault.rank();
        this.pid = pid;
        this.op = fault.operation();
        this.elapsed = fault.elapsed();
        this.reason = fault.reason();
        this.nature = fault.nature().name().toLowerCase(Locale.ROOT);
        this.end = end;
        this.errorKind = fault.error().map(WorkerResponse.Error::kind).orElse(null);
        this.errorMessage = fault.error().map(WorkerResponse.Error::message).orElse(null);
        this.stderr = List.copyOf(stderr);
    }

    public int rank() {
        return rank;
    }

    /** The worker's pid; that of the leader for a rank 0 in its process; 0 when no process was started. */
    public long pid() {
        return pid;
    }

    /** The name of its host; empty where it is this one. */
    public Optional<String> host() {
        return Optional.ofNullable(host);
    }

    /** What was in flight: an operation's name, {@code spawn} before the first one, {@code idle} between two. */
    public String op() {
        return op;
    }

    /** From the request to the failure. */
    public Duration elapsed() {
        return elapsed;
    }

    /** What was seen. */
    public String reason() {
        return reason;
    }

    /** The same as one word, for counting: the kind of its error, or {@code exited}, {@code protocol}, {@code stdout}, {@code timeout}. */
    public String kind() {
        return errorKind == null ? nature : errorKind;
    }

    /** How the process ended. */
    public String end() {
        return end;
    }

    /** The kind of the error that it answered, if it answered one. */
    public Optional<String> errorKind() {
        return Optional.ofNullable(errorKind);
    }

    /** The message of the error that it answered, if it answered one. */
    public Optional<String> errorMessage() {
        return Optional.ofNullable(errorMessage);
    }

    /** The last lines of its stderr, at most 50, oldest first. */
    public List<String> stderr() {
        return stderr;
    }

    /** Several that failed in the same way, in one sentence, with the last lines of the first of them. */
    static String text(List<RankFailure> alike) {
        RankFailure first =
                alike.stream().min(Comparator.comparingInt(RankFailure::rank)).orElseThrow();
        if (alike.size() == 1) {
            return first.getMessage();
        }
        String ranks = Ranks.words(alike.stream().map(RankFailure::rank).toList());
        StringBuilder text = new StringBuilder()
                .append(RankFault.title(first.op, ranks))
                .append(hosts(alike))
                .append(": ")
                .append(first.reason);
        if (!first.end.isEmpty()) {
            text.append("; the end of each: ").append(first.end);
        }
        return text.append(quoted(first.rank, first.stderr)).toString();
    }

    /** Those that are not the leader's; nothing where all are there. */
    private static String hosts(List<RankFailure> alike) {
        String hosts = Ranks.on(alike.stream()
                .sorted(Comparator.comparingInt(RankFailure::rank))
                .map(RankFailure::host)
                .toList());
        return hosts.isEmpty() ? "" : " (" + hosts.strip() + ")";
    }

    private static String text(RankFault fault, long pid, Optional<String> host, String end, List<String> stderr) {
        StringBuilder text = new StringBuilder()
                .append(fault.title())
                .append(Ranks.where(pid, host))
                .append(" after ")
                .append(Durations.time(fault.elapsed()))
                .append(": ")
                .append(fault.reason());
        if (!end.isEmpty()) {
            text.append("; its end: ").append(end);
        }
        return text.append(quoted(fault.rank(), stderr)).toString();
    }

    private static String quoted(int rank, List<String> stderr) {
        return stderr.subList(Math.max(0, stderr.size() - QUOTED_LINES), stderr.size()).stream()
                .map(line -> "\n  rank " + rank + " stderr: " + line)
                .collect(Collectors.joining());
    }
}
