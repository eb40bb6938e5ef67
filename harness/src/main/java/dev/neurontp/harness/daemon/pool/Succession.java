package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.event.EventData;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Whether another pool takes the place of one, why none does, and who has asked for the end of the one before. Any thread may call. */
public final class Succession {
    private final Consumer<EventData> events;
    private final AtomicInteger endsAsked = new AtomicInteger();
    private final AtomicBoolean beingRestarted = new AtomicBoolean();
    private volatile boolean beingReplaced;
    private volatile String replacement;
    private volatile String successor;
    private volatile String notRestarted;

    /** Nobody has asked for anything; what is decided is told to {@code events}. */
    Succession(Consumer<EventData> events) {
        this.events = events;
    }

    /** Somebody asks that the pool end, and none be in its place. */
    void endAsked() {
        endsAsked.incrementAndGet();
    }

    /** Somebody ends it for one that takes its place, which is no wish that there be none. */
    void replacementBegins() {
        beingReplaced = true;
    }

    /** That pool has taken its place. */
    void replacedBy(ManagedPool other) {
        replacement = other.id();
    }

    /** The id of that one; empty where there is none. */
    Optional<String> replacement() {
        return Optional.ofNullable(replacement);
    }

    /** The one that was to take its place is there, or is not to come. */
    void replacementIsOver() {
        beingReplaced = false;
    }

    /** Whether it was ended for one that is to take its place, and nobody has asked for more. */
    boolean isBeingReplaced() {
        return beingReplaced && endsAsked.get() == 0;
    }

    /** Somebody asks for a restart; false where somebody else has, and it is under way. */
    boolean restartBegins() {
        return beingRestarted.compareAndSet(false, true);
    }

    /** The successor is known, or is not to come. */
    void restartIsOver() {
        beingRestarted.set(false);
    }

    /** Whether somebody has asked for a restart, and the successor is not known yet. */
    boolean isBeingRestarted() {
        return beingRestarted.get();
    }

    /** How often somebody has asked that it end, and none be in its place. */
    int endsAsked() {
        return endsAsked.get();
    }

    /** Whether somebody has asked that it end, and none be in its place, before it failed or after. */
    boolean isEndRequested() {
        return endsAsked.get() > 0;
    }

    /** Whether nobody has asked for its end, and it is not known yet whether another one takes its place. */
    boolean isOpen() {
        return !isEndRequested() && replacement == null && successor == null && notRestarted == null;
    }

    /** That pool is in its place now. */
    void restartedAs(ManagedPool other) {
        successor = other.id();
        events.accept(new EventData.PoolRestarted(other.id()));
    }

    /** It is not restarted yet. */
    void restartRefused(String why) {
        events.accept(new EventData.PoolRestartRefused(why));
    }

    /** It has failed for good. */
    void notRestarted(String why) {
        notRestarted = why;
        events.accept(new EventData.PoolNotRestarted(why));
    }

    /** The id of the pool that is in its place; empty where none is. */
    public Optional<String> successor() {
        return Optional.ofNullable(successor);
    }

    /** Why no other pool is in its place although that was asked for; empty where one is, and before it has failed. */
    public Optional<String> notRestarted() {
        return Optional.ofNullable(notRestarted);
    }
}
