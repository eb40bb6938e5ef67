package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.process.AgentLink;
import dev.neurontp.harness.process.EndCommand;
import dev.neurontp.harness.text.ForeignText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * A rank that a launcher starts on another host, as far as a later daemon has to know of it.
 *
 * @param launcher the name of its launcher
 * @param host the name of its host
 * @param machine what that is, whatever it is called; null in a file of an earlier version
 * @param device its index there
 * @param needsDevice whether it holds that device
 * @param leaseMs how long its worker lives on when its daemon is not heard any more, in milliseconds
 * @param end the command that ends it; null where its launcher has none
 * @param besideEnd the command that ends the process beside it which serves the comm_id; null where there is none
 * @param until when its worker has ended at the latest; null while its daemon looks after it
 */
public record PlacedRank(
        String pool,
        int rank,
        String launcher,
        String host,
        String machine,
        long device,
        boolean needsDevice,
        long leaseMs,
        End end,
        End besideEnd,
        Instant until) {
    public PlacedRank {
        machine = machine == null ? host : machine;
    }

    /** That of a host can be so long. */
    private static final int LONGEST_NAME = 255;

    private static final long LONGEST_LEASE_MS = Duration.ofHours(1).toMillis();

    /** An {@link EndCommand} as it is written down; {@code absent} is null where it has none. */
    public record End(List<String> words, boolean proves, String absent, List<String> search) {
        public End {
            words = all(words);
            search = all(search);
        }

        /** What is not there is none, and what is no word stays to be refused. */
        private static List<String> all(List<String> words) {
            return words == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(words));
        }

        private boolean plausible() {
            try {
                return !words.isEmpty()
                        && Stream.of(words, search)
                                .flatMap(List::stream)
                                .noneMatch(word -> word == null || word.isEmpty())
                        && (absent == null || Pattern.compile(absent) != null);
            } catch (PatternSyntaxException _) {
                return false;
            }
        }

        private EndCommand command() {
            return new EndCommand(words, proves, Optional.ofNullable(absent).map(Pattern::compile), search);
        }

        static End of(EndCommand command) {
            return new End(
                    command.words(),
                    command.proves(),
                    command.absent().map(Pattern::pattern).orElse(null),
                    command.search());
        }
    }

    /** One that is about to be started. */
    public static PlacedRank starting(
            String pool,
            int rank,
            String launcher,
            String host,
            String machine,
            long device,
            boolean needsDevice,
            Duration lease,
            Optional<EndCommand> end,
            Optional<EndCommand> besideEnd) {
        return new PlacedRank(
                pool,
                rank,
                launcher,
                host,
                machine,
                device,
                needsDevice,
                lease.toMillis(),
                end.map(End::of).orElse(null),
                besideEnd.map(End::of).orElse(null),
                null);
    }

    /** The command that ends it, where its launcher has one. */
    public Optional<EndCommand> endCommand() {
        return Optional.ofNullable(end).map(End::command);
    }

    /** The command that ends the process beside it which serves the comm_id, where there may be one. */
    public Optional<EndCommand> besideEndCommand() {
        return Optional.ofNullable(besideEnd).map(End::command);
    }

    /** The same, of which was last heard at {@code heard}: its lease ends it. */
    public PlacedRank lostAt(Instant heard) {
        return until(AgentLink.latestEnd(heard, Duration.ofMillis(leaseMs)));
    }

    /** What serves the comm_id beside it, of which was last heard at {@code heard}: it holds no device. */
    public PlacedRank besideLostAt(Instant heard) {
        return new PlacedRank(pool, rank, launcher, host, machine, device, false, leaseMs, null, besideEnd, null)
                .lostAt(heard);
    }

    /** Whether its lease is not over. */
    boolean mayLive() {
        return until == null || until.isAfter(Instant.now());
    }

    /** The same with the end of its lease. */
    public PlacedRank until(Instant instant) {
        return new PlacedRank(
                pool, rank, launcher, host, machine, device, needsDevice, leaseMs, end, besideEnd, instant);
    }

    /** The same as a daemon that has taken its place knows it: nothing of the other's is heard from now on. */
    PlacedRank leftAt(Instant now) {
        PlacedRank longest = lostAt(now);
        return until == null || until.isAfter(longest.until) ? longest : this;
    }

    /** Whether every part is one that a daemon could have written. */
    boolean plausible() {
        return isName(pool)
                && isName(launcher)
                && isName(host)
                && (machine.isEmpty() || isName(machine))
                && rank >= 0
                && device >= 0
                && leaseMs > 0
                && leaseMs <= LONGEST_LEASE_MS
                && (end == null || end.plausible())
                && (besideEnd == null || besideEnd.plausible());
    }

    private static boolean isName(String text) {
        return text != null
                && !text.isEmpty()
                && text.length() <= LONGEST_NAME
                && ForeignText.of(text).equals(text);
    }
}
