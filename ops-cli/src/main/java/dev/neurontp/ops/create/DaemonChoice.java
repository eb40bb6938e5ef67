package dev.neurontp.ops.create;

import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.util.List;

/** In which daemon a new pool is to live: the one that is named, or the only one that stays when a pool ends. */
final class DaemonChoice {
    private DaemonChoice() {}

    static Daemon of(ConnectOptions connect) {
        List<Daemon> all = connect.daemons();
        if (connect.isNamed()) {
            return all.getFirst();
        }
        connect.requireNoneUnasked();
        List<Daemon> staying =
                all.stream().filter(daemon -> !daemon.endsWithItsPool()).toList();
        if (staying.isEmpty()) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "no daemon here can take another pool: each was started by tpctl up for one pool, and ends with it",
                    "Start a daemon that stays, neuron, then ask again. Or bring up this pool with a daemon of its own: tpctl up -d.");
        }
        return ConnectOptions.one(staying);
    }
}
