package dev.neurontp.conformance.check;

import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What a check that starts workers of its own works with. Ends them all when the check is over. One thread. */
public final class CheckContext implements AutoCloseable {

    /** The usual tries: with fewer, checks that start processes leave some of their examples out. */
    public static final int ALL_TRIES = 200;
    /** The usual time without input: in less, some of what it shows may not be seen. */
    public static final Duration ALL_IDLE = Duration.ofSeconds(4);

    private static final Duration LOOK = Duration.ofMillis(50);

    private final WorkerLauncher launcher;
    private final String rule;
    private final Timeouts timeouts;
    private final ReplyShape shape;
    private final Baseline baseline;
    private final Random random;
    private final int tries;
    private final GroupOptions group;
    private final GroupTimes groupTimes;
    private final Duration idleTime;
    private final BooleanSupplier mayGoOn;
    private final List<RuleViolation> incidental = new ArrayList<>();
    private final List<WorkerProcess> workers = new ArrayList<>();
    private final List<WorkerProcess> makers = new ArrayList<>();
    private String skipped;
    private boolean partial;

    CheckContext(RunContext run, String rule, Random random, int tries) {
        this.launcher = run.launcher();
        this.rule = rule;
        this.timeouts = run.timeouts();
        this.shape = run.shape();
        this.baseline = run.baseline();
        this.group = run.group();
        this.groupTimes = run.groupTimes();
        this.idleTime = run.idle();
        this.mayGoOn = run.mayGoOn();
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

    /** The same half a second later: what a process says that ends at once may be gone before anybody listens. */
    public DedicatedWorker startLate(List<String> arguments) throws StartFailure {
        return care(launcher.startLate(arguments));
    }

    /** One that nobody reads, as the child of a shell that says on stderr by which signal it ended. */
    public DedicatedWorker startUnread(List<String> arguments) throws StartFailure {
        return care(launcher.startUnread(arguments));
    }

    /** Starts the maker of a comm_id, which is no worker. It has to live until the check ends its input. */
    public DedicatedWorker startMaker(List<String> command) throws StartFailure {
        WorkerProcess maker = launcher.launch(command);
        makers.add(maker);
        return care(maker);
    }

    /** Ends a maker as a part of the check: what fails without it is no fault of the maker's. */
    public void endMaker(DedicatedWorker maker) throws StartFailure {
        makers.remove(maker.worker());
        maker.closeStdin();
        if (maker.endWithin(timeouts.end()) == null) {
            maker.signal("KILL");
        }
    }

    /**
     * Goes on where all that serves the groups of this check is still there.
     *
     * @throws PrerequisiteException if not
     */
    public void requireMakers() {
        makerFailure().ifPresent(words -> {
            throw new PrerequisiteException(words);
        });
    }

    /** Why nothing that a group did not do says anything of its ranks: its maker has ended. Empty where all of them live. */
    Optional<String> makerFailure() {
        return MakerFailure.of(makers);
    }

    private DedicatedWorker care(WorkerProcess worker) {
        workers.add(worker);
        return new DedicatedWorker(worker, rule, timeouts, shape, incidental::add);
    }

    /** The first of these: all in a run of the usual 200 tries, at least so many in a short one, and the same whatever the seed. */
    public <T> List<T> some(List<T> all, int atLeast) {
        int most = tries < ALL_TRIES ? Math.clamp(tries / 10, Math.min(atLeast, all.size()), all.size()) : all.size();
        partial |= most < all.size();
        return all.subList(0, most);
    }

    /** Notes that some of the check cannot be tried here: a known failure that is not seen then is none that has passed. */
    public void leaveOut() {
        partial = true;
    }

    boolean isPartial() {
        return partial;
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

    /**
     * Whether the command is a launcher, such as ssh or docker: signals go to it, it reads the worker's stdout, and its process is not
     * the worker's.
     */
    public boolean isLaunched() {
        return launcher.isLaunched();
    }

    /** Why nothing that was seen says anything of a worker: a launcher that failed before one spoke. Empty where none did. */
    Optional<String> launcherFailure() {
        return isLaunched()
                ? workers.stream()
                        .flatMap(worker -> LauncherFailure.of(worker).stream())
                        .findFirst()
                : Optional.empty();
    }

    /** What a group of all ranks needs. */
    public GroupOptions group() {
        return group;
    }

    /** How long the groups of this run need to join. */
    public GroupTimes groupTimes() {
        return groupTimes;
    }

    /**
     * Leaves workers without input for as long as this run does.
     *
     * @param onOutput hears what came out of one, or its end
     * @return the first of which something came; null where all kept still
     */
    public DedicatedWorker leaveAlone(List<DedicatedWorker> idle, Consumer<Output> onOutput) {
        partial |= idleTime.compareTo(ALL_IDLE) < 0;
        Deadline deadline = Deadline.in(idleTime);
        while (!deadline.isOver()) {
            for (DedicatedWorker worker : idle) {
                Output output = worker.next(deadline.atMost(LOOK));
                if (output != null) {
                    onOutput.accept(output);
                    return worker;
                }
            }
            if (!mayGoOn.getAsBoolean()) {
                throw new WorkerLauncher.StoppedException();
            }
        }
        return null;
    }

    /**
     * Runs scripts of a rule in a worker of this check, and reports what it breaks.
     *
     * @return whether requests and replies still match
     */
    public boolean judge(DedicatedWorker worker, String ofRule, List<Script> scripts) throws RuleViolation {
        Session session = worker.session(baseline);
        for (Script script : scripts) {
            try {
                new ScriptRun(session, ofRule, script, timeouts).run();
            } catch (RuleViolation violation) {
                incidental.add(violation.seenIn(worker.worker()));
            }
            session.incidentals().forEach(violation -> incidental.add(violation.seenIn(worker.worker())));
            if (!session.isTrusted()) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is a pong by its tag: no other success answers a ping. */
    public boolean isPong(Reply reply) {
        return baseline.isTaggedAsPong(reply);
    }

    /** A part of a check. */
    public interface Part {
        /** Makes it. */
        void go() throws RuleViolation, StartFailure;
    }

    /** Makes a part that has workers of its own: what it finds is reported, and hides nothing that other parts find. */
    public void apart(Part part) throws StartFailure {
        try {
            part.go();
        } catch (RuleViolation violation) {
            report(violation);
        }
    }

    /** Makes a part after which the same workers are asked on: so it is where they give a wrong answer, but not where they give none. */
    public void inTurn(Part part) throws RuleViolation, StartFailure {
        try {
            part.go();
        } catch (RuleViolation violation) {
            if (violation.observation() != RuleViolation.Observation.REPLY) {
                throw violation;
            }
            report(violation);
        }
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
