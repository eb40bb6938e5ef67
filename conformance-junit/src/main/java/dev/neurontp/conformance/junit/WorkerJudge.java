package dev.neurontp.conformance.junit;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.contract.Level;
import dev.neurontp.conformance.report.ReportFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;

/**
 * Judges the worker that a command starts, and gives a test for each rule of the wire contract. What is not set has the default of
 * {@code tpctl conformance run}. It is set up by one thread; then any thread may ask for tests. The suite runs once, when tests are
 * first asked for.
 */
public final class WorkerJudge {

    /** What the suite may take beyond its own limit, to end its workers and to write reports. */
    private static final Duration ENDING = Duration.ofMinutes(1);

    private final JudgeSettings settings;
    private final AtomicBoolean told = new AtomicBoolean();
    private SharedRun run;

    private WorkerJudge(List<String> command) {
        settings = new JudgeSettings(command);
    }

    /** A judge of the worker that this command starts, a word each: {@code of("python3", "worker.py")}. */
    public static WorkerJudge of(String... command) {
        return of(List.of(command));
    }

    /** A judge of the worker that this command starts, a word each. */
    public static WorkerJudge of(List<String> command) {
        return new WorkerJudge(command);
    }

    /**
     * The stage that it is judged as. Not set: the worker is asked.
     *
     * @param stage {@code 7a-i}, {@code 7a-ii-no-cuda} or {@code 7a-ii}
     * @throws IllegalArgumentException if there is no such stage
     */
    public WorkerJudge stage(String stage) {
        open().stage(stage);
        return this;
    }

    /** What becomes of the test of a SHOULD that the worker breaks. Not set: {@link ShouldPolicy#ABORT}. */
    public WorkerJudge should(ShouldPolicy policy) {
        open().should = policy;
        return this;
    }

    /** A file of failures that are expected, as {@code tpctl conformance run --write-known-failures} writes it. */
    public WorkerJudge knownFailures(Path file) {
        open().knownFailures = file;
        return this;
    }

    /** Leaves out rules that a later version of the contract than this, such as {@code 1.0}, added. */
    public WorkerJudge contractVersion(String version) {
        open().contractVersion = version;
        return this;
    }

    /** Only these rules ({@code F2}, {@code F*}) or checks ({@code F2.inside}). */
    public WorkerJudge only(String... patterns) {
        open().only = List.of(patterns);
        return this;
    }

    /** Without these rules or checks. */
    public WorkerJudge skip(String... patterns) {
        open().skip = List.of(patterns);
        return this;
    }

    /** Sets a variable for the worker and all other processes of the run, in addition to those of this JVM. */
    public WorkerJudge environment(String name, String value) {
        open().environment.put(name, value);
        return this;
    }

    /** The folder that the worker is started in, and in which a relative program is looked for. Not set: that of this JVM. */
    public WorkerJudge workingDirectory(Path folder) {
        open().workingDirectory = folder;
        return this;
    }

    /** How long the first process may take to its first reply. Not set: 30 s. */
    public WorkerJudge startTimeout(Duration time) {
        open().startTimeout = time;
        return this;
    }

    /** For one reply or one end. Not set: 10 s. */
    public WorkerJudge timeout(Duration time) {
        open().timeout = time;
        return this;
    }

    /** For the whole run; what was not judged by then fails. Not set: 10 min. */
    public WorkerJudge maxTime(Duration time) {
        open().maxTime = time;
        return this;
    }

    /** How long some workers get no input, while other checks run. Not set: 4 s. */
    public WorkerJudge idle(Duration time) {
        open().idle = time;
        return this;
    }

    /** Decides every random case. Not set: by chance; the text of a failure says it. */
    public WorkerJudge seed(long seed) {
        open().seed = seed;
        return this;
    }

    /** Cases a property, 1 to 1000000. Not set: 200. */
    public WorkerJudge tries(int tries) {
        open().tries = tries;
        return this;
    }

    /**
     * Says that the command is a launcher, such as ssh, srun or docker, that carries the worker's pipes. What is the launcher's own is
     * not judged then: the exit code after a signal, the end where nobody reads stdout, and what is left running.
     */
    public WorkerJudge launched() {
        open().launched = true;
        return this;
    }

    /** Checks of this worker at the same time, 1 to 64. Not set: 2. Judges of several workers run beside each other as JUnit says. */
    public WorkerJudge jobs(int jobs) {
        open().jobs = jobs;
        return this;
    }

    /**
     * For stage 7a-ii: the program that prints a comm_id on its first line and serves it until its stdin closes. Not set: rules that
     * need ranks that have joined are left out, and their tests aborted.
     */
    public WorkerJudge commIdCommand(String... command) {
        open().commIdCommand = List.of(command);
        return this;
    }

    /** Sizes of the groups of stage 7a-ii, 2 to 64 each. Not set: 2. */
    public WorkerJudge worldSizes(Integer... sizes) {
        open().worldSizes = List.of(sizes);
        return this;
    }

    /** Names the run in its reports, so that those of several workers are told apart. */
    public WorkerJudge suite(String name) {
        open().suite = name;
        return this;
    }

    /** The folder for the suite's own reports ({@code report.html} and more), which is made where it is missing. Not set: none are written. */
    public WorkerJudge report(Path folder) {
        open().report = folder;
        return this;
    }

    /**
     * A test for each rule that is judged, in a container for each chapter. Runs the suite where it has not run yet, and blocks until
     * it is over.
     *
     * @throws org.opentest4j.AssertionFailedError if the worker could not be judged at all; the message says why
     * @throws dev.neurontp.conformance.RunOptions.UsageException if a setting or a file that it names cannot be used
     * @throws InterruptedException if this thread was interrupted; the run and its workers are then ended
     */
    public Stream<DynamicNode> tests() throws InterruptedException {
        return factory().chapters();
    }

    /** The tests of one chapter and level, of the same run; otherwise like {@link #tests()}. */
    public Stream<DynamicNode> tests(Chapter chapter, Level level) throws InterruptedException {
        return factory().of(chapter, level);
    }

    private RuleTestFactory factory() throws InterruptedException {
        return new RuleTestFactory(theRun().report(), settings.should, told.compareAndSet(false, true));
    }

    private synchronized SharedRun theRun() {
        if (run == null) {
            run = new SharedRun(
                    this::made,
                    this::write,
                    settings.maxTime.plus(ENDING),
                    Thread.ofPlatform().daemon().name("wire-judge").factory());
        }
        return run;
    }

    /** Whatever becomes of it, what an earlier run has left is no result of this one. */
    private ConformanceRun made() {
        if (settings.report != null) {
            try {
                ReportFiles.removeOld(settings.report, settings.keptReports());
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "the reports of an earlier run could not be removed from " + settings.report
                                + ": make that folder writable, or give report(...) another one",
                        e);
            }
        }
        return new ConformanceRun(settings.options(), settings.launch(), Listener.NONE);
    }

    private void write(RunReport report) {
        if (settings.report != null) {
            try {
                ReportFiles.write(report, settings.report);
            } catch (IOException e) {
                throw new UncheckedIOException("the report could not be written to " + settings.report, e);
            }
        }
    }

    private synchronized JudgeSettings open() {
        if (run != null) {
            throw new IllegalStateException("the suite has run: set up a judge before its tests are asked for");
        }
        return settings;
    }
}
