package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.api.PoolView.State;
import dev.neurontp.harness.text.Ranks;
import dev.neurontp.ops.console.HumanText;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What a person waits for. */
enum Goal {
    READY,
    JOINED,
    GONE;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the pool is in that state; gone only where the end of every process was seen, that of the comm_id too. */
    boolean isReached(PoolView pool) {
        return switch (this) {
            case READY ->
                State.of(pool.state())
                        .filter(EnumSet.of(State.READY, State.JOINING, State.JOINED)::contains)
                        .isPresent();
            case JOINED -> State.JOINED.label().equals(pool.state());
            case GONE ->
                pool.over()
                        && pool.ended().isPresent()
                        && !pool.lost()
                        && pool.gone().orElse(true)
                        && pool.ranks().stream().allMatch(Goal::hasEnded);
        };
    }

    /** Why a pool that is over is not, and will not be, in that state. */
    String whyNever(PoolView pool) {
        if (this == GONE) {
            String left = HumanText.list(pool.ranks().stream()
                    .filter(rank -> !hasEnded(rank))
                    .map(rank -> "rank " + rank.rank() + Ranks.where(rank.pid(), rank.host()))
                    .toList());
            return "pool " + pool.id() + " is over, and "
                    + (left.isEmpty()
                            ? "not all of it was seen to end, although each of its ranks was"
                            : "nobody saw the end of " + left);
        }
        return "pool " + pool.id() + " will never be " + word() + ": it "
                + pool.reason().map(reason -> "has failed: " + reason).orElse("is " + pool.state())
                + (PendingRestart.isOf(pool) ? ". " + PendingRestart.SAID : "");
    }

    /** A rank without a process never had one, on the daemon's host. */
    private static boolean hasEnded(PoolView.Rank rank) {
        return rank.end()
                .map(PoolView.RankExit::gone)
                .orElse(rank.pid() == 0 && rank.host().isEmpty());
    }

    /** For the shell's completion. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(List.of("ready", "joined", "gone"));
        }
    }

    /** Reads a goal, in lower case. */
    static final class Text implements ITypeConverter<Goal> {
        @Override
        public Goal convert(String value) {
            return switch (value) {
                case "ready" -> READY;
                case "joined" -> JOINED;
                case "gone" -> GONE;
                default ->
                    throw new TypeConversionException(
                            "'" + value + "' is nothing to wait for: it must be ready, joined or gone");
            };
        }
    }
}
