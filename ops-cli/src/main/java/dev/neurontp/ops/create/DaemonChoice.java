package dev.neurontp.ops.create;

import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.OwnerTag;
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
        List<Daemon> staying =
                all.stream().filter(daemon -> !endsWithItsPool(daemon)).toList();
        if (staying.isEmpty()) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "no daemon of this user and host stays when its pool ends: those that run belong to tpctl up",
                    "Start one that stays: neuron. Or bring up a pool with a daemon of its own: tpctl up -d.");
        }
        return ConnectOptions.one(staying);
    }

    private static boolean endsWithItsPool(Daemon daemon) {
        return daemon.file().flatMap(OwnerTag::of).isPresent();
    }
}
