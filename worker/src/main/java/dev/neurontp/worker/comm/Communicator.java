package dev.neurontp.worker.comm;

import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.worker.collective.ContradictionException;
import dev.neurontp.worker.collective.UnsupportedException;

/**
 * One rank in a group of ranks. All but {@link #abort} and {@link #close} are called from one thread, which they
 * block; {@link #abort} and {@link #close} may be called from any.
 */
public interface Communicator extends AutoCloseable {
    /**
     * Joins the group and returns once every rank has joined. There is no deadline in here: whoever waits too long calls
     * {@link #abort}.
     *
     * @param commId 256 hex digits, upper or lower case; anything else fails (S5)
     * @throws CommunicatorException when this rank cannot join; a second init is refused and the group stays usable (S6)
     */
    void init(String commId) throws CommunicatorException;

    /**
     * Adds {@code value} over all ranks, as unsigned 32-bit integers that wrap around, and returns the sum that this
     * rank sees.
     *
     * @param value 0 to 4294967295
     * @throws CommunicatorException before init, and when a peer is gone
     */
    long allReduceSum(long value) throws CommunicatorException;

    /**
     * Where this rank runs and with what. Opens what {@link #init} would open, joins nothing; before or after init.
     *
     * @throws CommunicatorException as init does, where that cannot be opened
     * @throws UnsupportedException where this communicator has nothing to say
     */
    default XDeviceInfo device() throws CommunicatorException, UnsupportedException {
        throw new UnsupportedException("this communicator does not say which device it uses");
    }

    /**
     * Runs one collective, checks every element and measures. What concerns this rank's device alone may come before init.
     *
     * @throws CommunicatorException before init, and when a peer is gone; the group is of no use then
     * @throws UnsupportedException for what cannot be done here: the group stays usable
     * @throws ContradictionException for a request that contradicts itself
     */
    default XCollectiveResult collective(XCollective asked) throws CommunicatorException, UnsupportedException {
        throw new UnsupportedException("this communicator runs no checked collectives");
    }

    /** What carries the group and where, for a report to a person; empty where there is nothing to say. */
    default String description() {
        return "";
    }

    /** Makes a blocked call fail soon, and every later one. May itself hang in a native library: bound the wait. */
    void abort();

    /** Leaves the group and gives back what it held. Idempotent; may hang like {@link #abort}. */
    @Override
    void close();
}
