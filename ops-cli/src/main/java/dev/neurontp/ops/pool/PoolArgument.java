package dev.neurontp.ops.pool;

import dev.neurontp.ops.client.ConnectOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The pool that a command is about. */
final class PoolArgument {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ID",
            description = "The pool, by the beginning of its id. Not needed where there is only one.")
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
        return PoolSelector.toActOn(listing(), id);
    }

    PoolRef toRead() {
        return PoolSelector.toRead(listing(), id);
    }

    /** All pools of all daemons, and which daemon did not answer. */
    PoolListing listing() {
        return PoolListing.of(connect.daemons(), connect.readTimeout());
    }
}
