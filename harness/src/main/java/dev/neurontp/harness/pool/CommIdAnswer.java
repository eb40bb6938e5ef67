package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.AgentLink;
import dev.neurontp.harness.process.ExitWords;
import dev.neurontp.harness.process.OutOfMemory;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.ProcessLimitWords;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.worker.comm.CommIdStderr;
import dev.neurontp.worker.comm.CommunicatorException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/** What a process {@code neuron --comm-id} says: its comm_id in the first line of its stdout, or why there is none. */
final class CommIdAnswer {
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final int LONGEST_LINE = 512;
    private static final int KILLED = 137;
    private static final Pattern COMM_ID = Pattern.compile("[0-9a-fA-F]{256}");

    private final WorkerProcess maker;

    /**
     * An answer that is not there yet.
     *
     * @param maker was started, and its stderr is read
     */
    CommIdAnswer(WorkerProcess maker) {
        this.maker = maker;
    }

    /**
     * Waits for the comm_id.
     *
     * @throws CommunicatorException when it has said why there is none
     * @throws IOException when it says none, for another reason
     */
    String await(Deadline deadline) throws CommunicatorException, IOException, InterruptedException {
        AtomicReference<String> silence = new AtomicReference<>("");
        maker.onSilence(silence::set);
        String line = firstLine(deadline, silence);
        if (!COMM_ID.matcher(line).matches()) {
            throw new IOException(
                    name() + " printed '" + ForeignText.of(line, ForeignText.NAME)
                            + "' where a comm_id should be: the first line of its stdout must be 256 hex digits, and nothing else may write there");
        }
        return line;
    }

    private String firstLine(Deadline deadline, AtomicReference<String> silence)
            throws CommunicatorException, IOException, InterruptedException {
        InputStream stdout = maker.stdout();
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_LINE && line.indexOf("\n") < 0) {
            boolean over = maker.exitCode().isPresent();
            byte[] bytes = stdout.readNBytes(Math.min(stdout.available(), LONGEST_LINE));
            for (byte b : bytes) {
                // What a wrapper prints before it is none of its words: an empty line, as workers pass over it.
                if (!line.isEmpty() || !Character.isWhitespace(b)) {
                    line.append((char) (b & 0xFF));
                }
            }
            if (!silence.get().isEmpty()) {
                throw new IOException(silence.get());
            }
            if (line.indexOf("\n") < 0 && (deadline.expired() || (bytes.length == 0 && over))) {
                throw saidNone(deadline);
            }
            Thread.sleep(bytes.length == 0 ? LOOK : Duration.ZERO);
        }
        int end = line.indexOf("\n");
        return (end < 0 ? line.toString() : line.substring(0, end)).strip();
    }

    private IOException saidNone(Deadline deadline) throws CommunicatorException, InterruptedException {
        if (maker.exitCode().isPresent()) {
            maker.noteExit();
        }
        maker.awaitLastWords();
        List<String> last = maker.lastStderrLines();
        for (String said : last) {
            Optional<CommunicatorException> refusal = CommIdStderr.refusal(said);
            if (refusal.isPresent()) {
                throw refusal.get();
            }
        }
        return new IOException(name() + " said no line within " + Durations.time(deadline.elapsed())
                + end().map(words -> "; the end of that process: " + words).orElse("")
                + remedy(last)
                + (last.isEmpty() ? "" : "; its last words: " + String.join(" / ", last)));
    }

    /** That it has not come, for who waits no longer. */
    String silence() {
        return name() + " has said no line"
                + (maker.worker().filter(ProcessIdentity::stopped).isPresent() ? SilentRanks.IS_STOPPED : "");
    }

    /** It is no rank, though its failure is one of rank 0. */
    private String name() {
        return "neuron --comm-id"
                + maker.worker()
                        .map(ProcessIdentity::pid)
                        .map(pid -> " (pid " + pid + ")")
                        .orElse("");
    }

    /** How it ended, where it did. */
    private Optional<String> end() {
        if (maker.agent().isPresent()) {
            return maker.agent()
                    .flatMap(AgentLink::end)
                    .map(end -> end.oomKill() ? OutOfMemory.WORDS : "exit " + ExitWords.of(end.exit()));
        }
        return maker.exitCode().stream().mapToObj(this::endHere).findFirst();
    }

    private String remedy(List<String> last) {
        return maker.agent().isPresent() ? ProcessLimitWords.remedyElsewhere(last) : ProcessLimitWords.remedy(last);
    }

    private String endHere(int code) {
        return code == KILLED && maker.outOfMemory() ? OutOfMemory.WORDS : "exit " + ExitWords.ofChild(code);
    }
}
