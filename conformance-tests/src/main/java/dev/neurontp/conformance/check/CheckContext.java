package dev.neurontp.conformance.check;

import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.conformance.process.Launch;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a check that starts workers of its own works with. Ends them all when the check is over. One thread. */
public final class CheckContext implements AutoCloseable {

    private final WorkerLauncher launcher;
    private final String rule;
    private final Timeouts timeouts;
    private final ReplyShape shape;
    private final Baseline baseline;
    private final Random random;
    private final int tries;
    private final GroupOptions group;
    private final List<RuleViolation> incidental = new ArrayList<>();
    private final List<WorkerProcess> workers = new ArrayList<>();
    private String skipped;

    CheckContext(RunContext run, String rule, Random random, int tries) {
        this.launcher = run.launcher();
        this.rule = rule;
        this.timeouts = run.timeouts();
        this.shape = run.shape();
        this.baseline = run.baseline();
        this.group = run.group();
        this.random = random;
        this.tries = tries;
    }

    /** Starts a worker of this identity. */
    public DedicatedWorker start(Identity identity) throws StartFailure {
        return start(identity.arguments());
    }

    /** Starts a worker with these arguments. */
    public DedicatedWorker start(List<String> arguments) throws StartFailure {
        return start(arguments, Map.of(), false);
    }

    /** Starts a worker with variables set, or with nobody to read its stdout. */
    public DedicatedWorker start(List<String> arguments, Map<String, String> environment, boolean stdoutClosed)
            throws StartFailure {
        return care(launcher.start(arguments, environment, stdoutClosed));
    }

    /** Starts a program that is no worker, such as the maker of a comm_id. */
    public DedicatedWorker launch(List<String> command) throws StartFailure {
        return care(launcher.launch(Launch.of(command)));
    }

    private DedicatedWorker care(WorkerProcess worker) {
        workers.add(worker);
        return new DedicatedWorker(worker, rule, timeouts, shape, incidental::add);
    }

    /** The first of these: all in a full run, at least so many in a short one, and the same whatever the seed. */
    public <T> List<T> some(List<T> all, int atLeast) {
        return all.subList(0, Math.clamp(tries / 10, Math.min(atLeast, all.size()), all.size()));
    }

    /** The source of chance of this check. */
    public Random random() {
        return random;
    }

    /** How many tries a property gets; checks that start processes take far fewer. */
    public int tries() {
        return tries;
    }

    /** How long things may take. */
    public Timeouts timeouts() {
        return timeouts;
    }

    /** The stage that the worker is judged as. */
    public Stage stage() {
        return baseline.stage();
    }

    /** What a group of all ranks needs. */
    public GroupOptions group() {
        return group;
    }

    /** Says that this check could not be made here, and why. */
    public void skip(String reason) {
        skipped = reason;
    }

    /** Reports a violation of any rule and goes on. */
    public void report(RuleViolation violation) {
        incidental.add(violation);
    }

    String skipped() {
        return skipped;
    }

    List<RuleViolation> incidentals() {
        return List.copyOf(incidental);
    }

    /** The transcript of the worker that was started last. */
    List<WorkerProcess> workers() {
        return List.copyOf(workers);
    }

    @Override
    public void close() {
        workers.forEach(launcher::end);
    }
}
