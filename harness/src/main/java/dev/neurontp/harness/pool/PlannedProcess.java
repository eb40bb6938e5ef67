package dev.neurontp.harness.pool;

import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.process.EndCommand;
import dev.neurontp.worker.comm.RankIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process of a pool on other hosts, and the words that would start it. Nothing is started.
 *
 * @param name {@code rank 0} and so on, and {@code comm_id}
 * @param host where it would run
 * @param start the whole command line, as this host would start it
 * @param end the command that would end it; empty where its lease alone does
 */
public record PlannedProcess(String name, String host, List<String> start, Optional<List<String>> end) {
    public PlannedProcess {
        start = List.copyOf(start);
        end = end.map(List::copyOf);
    }

    /**
     * All of a pool, in the order in which they are started; empty for one whose ranks are processes of this host.
     *
     * @throws IllegalArgumentException as {@link WorkerPool#spawn}
     */
    public static List<PlannedProcess> of(
            List<String> command, int worldSize, List<Long> devices, PoolOptions options) {
        PoolLaunch launch = PoolLaunch.check(command, worldSize, devices, options);
        List<PlannedProcess> all = new ArrayList<>();
        if (options.placement().isPresent()) {
            Placement placement = options.placement().get();
            PlacedStart start = launch.placedStart(placement);
            for (RankIdentity rank : launch.ranks()) {
                all.add(start.planned(rank));
            }
            all.add(CommIdMaker.planned(start, launch.ranks().getFirst(), options));
        }
        return List.copyOf(all);
    }

    static PlannedProcess of(String name, String host, List<String> start, Optional<EndCommand> end) {
        return new PlannedProcess(name, host, start, end.map(EndCommand::words));
    }
}
