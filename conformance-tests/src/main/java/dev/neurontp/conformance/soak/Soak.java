package dev.neurontp.conformance.soak;

import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.ReplyShape;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.check.WorkerLauncher;
import dev.neurontp.conformance.process.HostShortage;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/** Keeps one worker busy for a while, and looks at what it takes meanwhile. One thread. */
public final class Soak {

    private static final int SAMPLES = 120;
    private static final Duration SHORTEST = Duration.ofMillis(20);
    private static final Duration LONGER = Duration.ofSeconds(20);

    private final WorkerLauncher launcher;
    private final Duration time;
    private final Duration timeout;
    private final Duration startTimeout;
    private final List<String> commIdCommand;
    private final ReplyShape shape;

    /** One of this length; the time-outs are for a reply, and for the first one. Without a command for a comm_id no init is tried. */
    public Soak(
            WorkerLauncher launcher,
            Duration time,
            Duration timeout,
            Duration startTimeout,
            List<String> commIdCommand,
            ReplyShape shape) {
        this.shape = shape;
        this.commIdCommand = List.copyOf(commIdCommand);
        this.launcher = launcher;
        this.time = time;
        this.timeout = timeout;
        this.startTimeout = startTimeout;
    }

    /**
     * Runs it.
     *
     * @param onViolation hears of a reply that is missing or wrong, which ends it
     * @param onForm hears what is wrong with the form of a reply, or of a line that is none
     * @param mayGoOn asked all the time
     */
    public SoakReport run(
            BiConsumer<RuleViolation, WorkerProcess> onViolation,
            BiConsumer<RuleViolation, WorkerProcess> onForm,
            BooleanSupplier mayGoOn)
            throws StartFailure {
        WorkerProcess worker = launcher.start(Identity.SHARED.arguments(), Map.of(), false);
        long start = System.nanoTime();
        List<Sample> samples = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Traffic traffic = new Traffic(worker, timeout, shape, violation -> onForm.accept(violation, worker));
        try {
            traffic.begin(startTimeout);
            long every = Math.max(time.dividedBy(SAMPLES).toNanos(), SHORTEST.toNanos());
            long next = System.nanoTime();
            while (mayGoOn.getAsBoolean() && !isEnough(System.nanoTime() - start, samples.size())) {
                traffic.goOn();
                if (System.nanoTime() >= next) {
                    samples.add(sample(worker, start, traffic.answered()));
                    next = System.nanoTime() + every;
                }
            }
        } catch (RuleViolation violation) {
            if (mayGoOn.getAsBoolean()) {
                onViolation.accept(violation, worker);
                notes.add("it ended early, since a reply was missing or wrong: see F4");
            }
        } finally {
            launcher.end(worker);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (!commIdCommand.isEmpty() && mayGoOn.getAsBoolean()) {
            notes.add(blockedInit());
        }
        return report(took, traffic.answered(), samples, notes);
    }

    /** It is told alone: where nothing can be started for it, what was found before stands. */
    private String blockedInit() {
        try {
            return new BlockedInit(launcher, commIdCommand, timeout, startTimeout).tried();
        } catch (StartFailure | HostShortage e) {
            return "no init was tried: " + e.getMessage();
        }
    }

    /** A busy host gets a little longer than it was given, until there is something to judge. */
    private boolean isEnough(long nanos, int samples) {
        return nanos >= time.toNanos()
                && (samples >= 2 * Series.FEWEST || nanos >= time.plus(LONGER).toNanos());
    }

    private static Sample sample(WorkerProcess worker, long start, long answered) {
        return new Sample((System.nanoTime() - start) / 1_000_000, answered, worker.usage());
    }

    private static SoakReport report(Duration took, long answered, List<Sample> all, List<String> notes) {
        List<Sample> samples =
                all.stream().filter(sample -> sample.usage().threads() > 0).toList();
        if (samples.size() < Series.FEWEST) {
            notes.add("growth was not judged: " + samples.size() + " samples are too few, give --soak more time"
                    + (samples.isEmpty() ? ", on a system with /proc" : ""));
        }
        Map<Series, String> growth = new EnumMap<>(Series.class);
        for (Series series : Series.values()) {
            double grown = series.growth(samples);
            if (grown > 0) {
                growth.put(series, grows(series, grown, samples));
            }
        }
        if (!samples.isEmpty() && samples.getLast().usage().nearDescriptorLimit()) {
            growth.putIfAbsent(
                    Series.DESCRIPTORS,
                    "a process has nearly all descriptors open that it may have; "
                            + Series.DESCRIPTORS.of(samples.getLast()) + " in all");
        }
        return new SoakReport(took, answered, samples, growth, notes);
    }

    private static String grows(Series series, double grown, List<Sample> samples) {
        Sample from = samples.get(samples.size() / 2);
        Sample to = samples.getLast();
        return String.format(
                Locale.ROOT,
                "%s: still growing, by %s in the second half, %.1f s and %d requests long, to %s",
                series.words(),
                series.shown(grown),
                (to.atMillis() - from.atMillis()) / 1000.0,
                to.requests() - from.requests(),
                series.shown((double) series.of(to)));
    }
}
