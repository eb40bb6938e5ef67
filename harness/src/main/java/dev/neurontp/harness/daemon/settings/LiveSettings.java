package dev.neurontp.harness.daemon.settings;

import dev.neurontp.harness.time.Durations;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The settings in force in a running daemon, of which some can change ({@link Setting#reloaded}). Any thread may call. */
public final class LiveSettings implements Supplier<Settings> {
    /** More than one reload takes whose files are on a file system that does not answer. */
    private static final Duration TURN = Duration.ofSeconds(15);

    private final SettingsSource source;
    private final List<ReloadStep> steps = new CopyOnWriteArrayList<>();
    private final ReentrantLock reloading = new ReentrantLock();
    private final Duration turn;
    private volatile Settings current;

    private LiveSettings(Settings first, SettingsSource source, Duration turn) {
        this.current = first;
        this.source = source;
        this.turn = turn;
    }

    /**
     * What the source says now.
     *
     * @throws SettingsException with every problem
     */
    public static LiveSettings read(SettingsSource source) throws SettingsException {
        return new LiveSettings(source.read(), source, TURN);
    }

    /**
     * The same, with another source for each time after the first.
     *
     * @throws SettingsException with every problem of the first
     */
    public static LiveSettings read(SettingsSource first, SettingsSource again) throws SettingsException {
        return read(first, again, TURN);
    }

    /** The same with another bound of the wait for a reload that is under way. */
    static LiveSettings read(SettingsSource first, SettingsSource again, Duration turn) throws SettingsException {
        return new LiveSettings(first.read(), again, turn);
    }

    /** What is in force at this moment. */
    @Override
    public Settings get() {
        return current;
    }

    /** From now on {@code step} takes part in each reload, after those that were there before. */
    public void onReload(ReloadStep step) {
        steps.add(step);
    }

    /**
     * Reads the source again and puts in force what can change; all of it or nothing. The files that a step reads itself, such
     * as certificates, are read again as well.
     *
     * @throws ReloadUnderWayException when another one does not end; then all is as before, too
     * @throws SettingsException with every problem; then all is as before
     */
    public SettingsReload reload() throws SettingsException {
        awaitTurn();
        try {
            Settings before = current;
            Settings wanted = source.read();
            Settings next = before.taking(wanted);
            take(next, AddressCheck.ofChange(before, wanted));
            return new SettingsReload(before.changesTo(next), next.changesTo(wanted));
        } finally {
            reloading.unlock();
        }
    }

    /**
     * The same with the settings as they are: only the files that a step reads itself are read again.
     *
     * @throws ReloadUnderWayException when another one does not end; then all is as before, too
     * @throws SettingsException with every problem; then all is as before
     */
    public void reloadFiles() throws SettingsException {
        awaitTurn();
        try {
            take(current, List.of());
        } finally {
            reloading.unlock();
        }
    }

    private void awaitTurn() throws SettingsException {
        boolean mine = false;
        try {
            mine = reloading.tryLock(turn.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (!mine) {
            throw new ReloadUnderWayException("another reload has not ended within " + Durations.measured(turn)
                    + ": it may wait for a file system that does not answer, or for a name server where http.host has"
                    + " changed. Try again later");
        }
    }

    private void take(Settings next, List<String> known) throws SettingsException {
        List<String> problems = new ArrayList<>(CrossChecks.of(next));
        problems.addAll(known);
        List<Runnable> ready = new ArrayList<>();
        for (ReloadStep step : steps) {
            try {
                ready.add(step.prepare(next));
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        current = next;
        ready.forEach(Runnable::run);
    }
}
