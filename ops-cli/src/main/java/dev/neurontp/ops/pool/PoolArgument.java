package dev.neurontp.ops.pool;

import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Completes;
import dev.neurontp.worker.os.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The pool that a command is about. */
final class PoolArgument {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ID",
            completionCandidates = Completes.Pools.class,
            description = "The pool, by its name or the beginning of its id. Not needed where there is only one.")
    private String id;

    @Mixin
    private ConnectOptions connect;

    ConnectOptions connect() {
        return connect;
    }

    String id() {
        return id;
    }

    PoolRef toActOn() {
        requireNotEmpty(id);
        return PoolSelector.toActOn(listing(), id);
    }

    PoolRef toRead() {
        requireNotEmpty(id);
        return PoolSelector.toRead(listing(), id);
    }

    /** Every id begins with nothing: that is a shell variable that is not set, and not a choice. */
    static void requireNotEmpty(String id) {
        if (id != null && id.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "the name or id is empty, like a shell variable that is not set",
                    "Give a pool's name or the beginning of its id: tpctl ls shows them.");
        }
    }

    /** All pools of all daemons, and which daemon did not answer. */
    PoolListing listing() {
        return PoolListing.of(connect.daemons(), connect.readTimeout());
    }
}
