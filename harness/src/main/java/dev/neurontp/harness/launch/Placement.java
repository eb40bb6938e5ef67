package dev.neurontp.harness.launch;

import dev.neurontp.harness.process.EndCommand;
import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the ranks of a pool are started.
 *
 * @param places one for each rank, in order
 * @param lease how long a worker lives on when its leader is not heard any more; at least a second
 * @param pool the id of the pool, by which a launcher names what it starts
 */
public record Placement(List<Place> places, Duration lease, String pool) {
    private static final String COMM_ID = "-comm-id";

    public Placement {
        places = List.copyOf(places);
    }

    /** Of a pool without an id. */
    public Placement(List<Place> places, Duration lease) {
        this(places, lease, "pool");
    }

    /** The same of the pool with that id. */
    public Placement named(String id) {
        return new Placement(places, lease, id);
    }

    public Place of(long rank) {
        return places.get((int) rank);
    }

    /**
     * The whole command line of one rank: the launcher's words, the agent's, the worker's.
     *
     * @param worker the worker's words; empty for this installation's own
     * @param arguments of the worker
     * @param settings of the rank, by name
     */
    public List<String> line(Rank rank, List<String> worker, List<String> arguments, Map<String, String> settings) {
        Place place = of(rank.rank());
        List<String> command = new ArrayList<>(environment(place, settings));
        command.addAll(place.launcher().neuron());
        command.addAll(List.of("--agent", "--token-stdin", "--lease", Durations.format(lease), "--"));
        command.addAll(worker.isEmpty() ? place.launcher().neuron() : worker);
        command.addAll(arguments);
        return place.launcher().line(facts(rank), command);
    }

    /** What ends that which {@link #line} starts for the same rank; empty where its launcher has no words for it. */
    public Optional<EndCommand> end(Rank rank) {
        return of(rank.rank()).launcher().end(facts(rank));
    }

    /** The device by which the process itself knows its own: a container that has one alone counts anew. */
    public long deviceInside(Rank rank) {
        return of(rank.rank()).launcher().oneDevice() ? 0 : rank.device();
    }

    private Map<String, String> facts(Rank rank) {
        Map<String, String> facts = of(rank.rank()).facts(rank.rank(), rank.worldSize(), rank.device());
        facts.put("pool", pool);
        facts.put("name", "neuron-" + pool + "-" + rank.rank() + rank.beside());
        return facts;
    }

    /**
     * The whole command line of this program in another mode, in the place of a rank: the launcher's words, this program's.
     *
     * @param arguments of this program
     */
    public List<String> beside(Rank rank, List<String> arguments) {
        Place place = of(rank.rank());
        List<String> command = new ArrayList<>(environment(place, Map.of()));
        command.addAll(place.launcher().neuron());
        command.addAll(arguments);
        return place.launcher().line(facts(rank), command);
    }

    /**
     * A rank, as far as its command line goes.
     *
     * @param device its index on its host
     * @param beside what tells another process in the rank's place from the rank; empty for the rank
     */
    public record Rank(long rank, long worldSize, long device, String beside) {
        public Rank(long rank, long worldSize, long device) {
            this(rank, worldSize, device, "");
        }
    }

    /** The process beside rank 0 that serves the comm_id, with a name of its own. */
    public static Rank ofCommId(long worldSize, long device) {
        return new Rank(0, worldSize, device, COMM_ID);
    }

    private static List<String> environment(Place place, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(place.launcher().environment());
        all.putAll(place.environment());
        List<String> words = new ArrayList<>();
        if (!all.isEmpty()) {
            words.add("env");
            new TreeMap<>(all).forEach((name, value) -> words.add(name + "=" + value));
        }
        return words;
    }
}
