package dev.neurontp.harness.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A program that carries the pipes of a process on another host, as words.
 *
 * @param name by which requests name it
 * @param start the words in front of what it shall start; a placeholder such as {@code {host}} stands for a fact of the place
 * @param shell whether it hands its words to a shell of the other host, as ssh does: they are quoted then
 * @param ownCodes exit codes that are its own and say nothing of what it started
 * @param neuron the words that start this program on the other host
 * @param environment settings of every rank that it starts; put into the command, since few launchers carry an environment
 */
public record Launcher(
        String name,
        List<String> start,
        boolean shell,
        Set<Integer> ownCodes,
        List<String> neuron,
        Map<String, String> environment) {
    public Launcher {
        start = List.copyOf(start);
        ownCodes = Set.copyOf(ownCodes);
        neuron = List.copyOf(neuron);
        environment = Map.copyOf(environment);
    }

    /**
     * The words that start {@code command} in that place.
     *
     * @throws IllegalArgumentException when {@link #start} has a placeholder that the place does not know
     */
    List<String> line(Map<String, String> facts, List<String> command) {
        List<String> line = new ArrayList<>();
        for (String word : start) {
            line.add(Placeholders.fill(word, facts));
        }
        for (String word : command) {
            line.add(shell ? ShellWord.quoted(word) : word);
        }
        return line;
    }
}
