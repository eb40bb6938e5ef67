package dev.neurontp.harness.process;

import dev.neurontp.harness.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What a process that ends leaves behind: remembered while it still shows whose it is, then ended, then named. One thread. */
public final class LeftBehind {
    /** For all of it to end after SIGKILL. */
    private static final Duration BOUND = Duration.ofSeconds(1);

    /** For a helper to end by itself, as one does that passes on what the process says, once it has read the end of that. */
    private static final Duration GRACE = Duration.ofMillis(300);

    private static final Duration POLL = Duration.ofMillis(5);

    /** On a host where processes come and go all the time none may ever be certain. */
    private static final int MOST_LOOKS = 10;

    private final Map<ProcessIdentity, String> family = new LinkedHashMap<>();
    private final Set<String> ended = new LinkedHashSet<>();
    /** What was asked for when not all could be seen. */
    private final List<Function<ProcessTable, List<ProcStat>>> unanswered = new ArrayList<>();

    private Optional<String> unseen = Optional.empty();

    /** Takes the descendants of a process for its own, whatever becomes of them. */
    public void rememberDescendants(ProcessIdentity root) {
        remember(ProcessTable.read().descendants(root));
    }

    private void remember(List<ProcStat> processes) {
        for (ProcStat process : processes) {
            family.putIfAbsent(process.identity(), process.name());
        }
    }

    /**
     * Ends all that is remembered and what {@code find} adds to it, with their own children, until it sees that none is left or a second
     * is over. A look that finds none counts where nothing has changed meanwhile: what daemonises is another process each moment, of which
     * the first may end before it is asked whose it is, and the second stand nowhere yet. What ends by itself within 300 ms is not named. What an earlier call has asked for and could not see is asked for again.
     */
    public void end(Function<ProcessTable, List<ProcStat>> find) throws InterruptedException {
        end(BOUND, find);
    }

    void end(Duration bound, Function<ProcessTable, List<ProcStat>> find) throws InterruptedException {
        Deadline deadline = Deadline.in(bound);
        Deadline grace = Deadline.in(GRACE.compareTo(bound) < 0 ? GRACE : bound);
        unanswered.add(find);
        Look before = Look.NONE;
        int uncertain = 0;
        while (true) {
            Look look = look(ProcessTable.read());
            family.keySet().removeIf(ProcessIdentity::gone);
            boolean none = family.isEmpty() && unseen.isEmpty();
            boolean anew = look.findsOthersThan(before);
            uncertain += none && !anew ? 1 : 0;
            Set<Long> hidden = look.stillBecoming(before);
            boolean enough = !anew && hidden.isEmpty() && uncertain >= MOST_LOOKS;
            boolean certain = none && (look.isAs(before) || enough);
            before = look;
            if (!none && grace.expired()) {
                kill();
            }
            if (!certain) {
                Thread.sleep(POLL);
            }
            // Behind the kill: a look can take all the time.
            if (certain || deadline.expired()) {
                if (none && anew) {
                    unseen = Optional.of("it starts itself anew faster than it can be ended");
                } else if (none && !hidden.isEmpty()) {
                    unseen = Optional.of("whose pid " + hidden.iterator().next()
                            + " is does not show, as it has not yet become the program that it starts in its place");
                }
                if (unseen.isEmpty()) {
                    unanswered.clear();
                }
                return;
            }
        }
    }

    /**
     * What one look has shown.
     *
     * @param found what is asked for; one that has ended and was not reaped yet is among them
     * @param unclear those of which it is not known
     * @param becoming those of which it will be known as soon as they are another program
     * @param vanished whether some ended while it was taken
     */
    private record Look(Set<ProcessIdentity> found, Set<Long> unclear, Set<Long> becoming, boolean vanished) {
        static final Look NONE = new Look(Set.of(), Set.of(), Set.of(), false);

        boolean findsOthersThan(Look before) {
            return !before.found.containsAll(found);
        }

        /** Whether nothing has changed, so that nobody can be missing in it. */
        boolean isAs(Look before) {
            return !findsOthersThan(before) && !vanished && becoming.isEmpty() && before.unclear.containsAll(unclear);
        }

        /** Those that were becoming another program before, and are. */
        Set<Long> stillBecoming(Look before) {
            Set<Long> both = new HashSet<>(becoming);
            both.retainAll(before.becoming);
            return both;
        }
    }

    private Look look(ProcessTable table) {
        Set<ProcessIdentity> all = new HashSet<>();
        for (Function<ProcessTable, List<ProcStat>> question : unanswered) {
            List<ProcStat> found = question.apply(table);
            remember(found);
            found.forEach(left -> {
                all.add(left.identity());
                remember(table.descendants(left.identity()));
            });
        }
        unseen = table.unseen();
        return new Look(all, table.unclear(), table.becoming(), table.vanished());
    }

    private void kill() {
        for (Map.Entry<ProcessIdentity, String> left : family.entrySet()) {
            ended.add(name(left));
            left.getKey().kill();
        }
    }

    /** Those that got SIGKILL, or would where they were seen, each as {@code name (pid N)}. */
    public List<String> names() {
        return List.copyOf(ended);
    }

    /** Those of {@link #names} that were not seen to end. */
    public List<String> stillRunning() {
        return family.entrySet().stream()
                .filter(one -> !one.getKey().gone())
                .map(LeftBehind::name)
                .filter(ended::contains)
                .toList();
    }

    /** The same, as processes. */
    public List<ProcessIdentity> survivors() {
        return family.entrySet().stream()
                .filter(one -> !one.getKey().gone() && ended.contains(name(one)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Why it is not known what else was left behind; empty where all that runs on this host could be seen. */
    public Optional<String> unseen() {
        return unseen;
    }

    private static String name(Map.Entry<ProcessIdentity, String> process) {
        return process.getValue() + " (pid " + process.getKey().pid() + ")";
    }
}
