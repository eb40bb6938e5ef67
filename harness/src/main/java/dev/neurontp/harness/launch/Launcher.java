package dev.neurontp.harness.launch;

import dev.neurontp.harness.process.EndCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A program that carries the pipes of a process on another host, as words.
 *
 * @param name by which requests name it
 * @param start the words in front of what it shall start; a placeholder such as {@code {host}} stands for a fact of the place
 * @param shell whether it hands its words to a shell of the other host, as ssh does: they are quoted then
 * @param ownCodes exit codes that are its own and say nothing of what it started
 * @param neuron the words that start this program on the other host
 * @param environment settings of every rank that it starts; put into the command, since few launchers carry an environment
 * @param end the words that end what it has started, where it has some
 * @param oneDevice whether what it starts has one device alone, which is number 0 there
 * @param values what more placeholders stand for, such as {@code {image}}
 */
public record Launcher(
        String name,
        List<String> start,
        boolean shell,
        Set<Integer> ownCodes,
        List<String> neuron,
        Map<String, String> environment,
        Optional<EndWords> end,
        boolean oneDevice,
        Map<String, String> values) {
    private static final String GPUS = "{gpus}";

    public Launcher {
        start = List.copyOf(start);
        ownCodes = Set.copyOf(ownCodes);
        neuron = List.copyOf(neuron);
        environment = Map.copyOf(environment);
        values = Map.copyOf(values);
    }

    /** The same with those words where it gives a device; none for what needs no device. */
    public Launcher withGpus(List<String> words) {
        List<String> filled = new ArrayList<>();
        start.forEach(word -> filled.addAll(word.equals(GPUS) ? words : List.of(word)));
        boolean one = words.stream().anyMatch(word -> word.contains("{device}"));
        return new Launcher(name, filled, shell, ownCodes, neuron, environment, end, one, values);
    }

    /** One that has no words to end anything. */
    public Launcher(
            String name,
            List<String> start,
            boolean shell,
            Set<Integer> ownCodes,
            List<String> neuron,
            Map<String, String> environment) {
        this(name, start, shell, ownCodes, neuron, environment, Optional.empty(), false, Map.of());
    }

    /**
     * The words that start {@code command} in that place.
     *
     * @throws IllegalArgumentException when {@link #start} has a placeholder that the place does not know
     */
    List<String> line(Map<String, String> facts, List<String> command) {
        List<String> line = new ArrayList<>(filled(start, facts));
        for (String word : command) {
            line.add(shell ? ShellWord.quoted(word) : word);
        }
        return line;
    }

    /** What ends that which was started there with the same facts; empty where nothing does. */
    Optional<EndCommand> end(Map<String, String> facts) {
        return end.map(words -> new EndCommand(
                filled(words.words(), facts),
                words.proves(),
                words.absent().map(line -> absent(line, facts)),
                filled(words.search(), facts)));
    }

    /** Of this one: an engine's words about another one say nothing. */
    private static Pattern absent(String line, Map<String, String> facts) {
        Map<String, String> literal = new HashMap<>(facts);
        literal.replaceAll((_, value) -> Pattern.quote(value));
        return Pattern.compile(
                "^" + Placeholders.fill(line, literal) + "$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    }

    private List<String> filled(List<String> words, Map<String, String> facts) {
        Map<String, String> all = new HashMap<>(values);
        all.putAll(facts);
        return words.stream().map(word -> Placeholders.fill(word, all)).toList();
    }
}
