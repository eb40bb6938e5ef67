package dev.neurontp.conformance.check;

import java.util.List;

/**
 * What a check of a whole group needs.
 *
 * @param commIdCommand prints a comm_id on its first line and serves it until its stdin closes; empty where there
 *     is none
 * @param worldSizes the sizes of group to bring up
 */
public record GroupOptions(List<String> commIdCommand, List<Integer> worldSizes) {

    public GroupOptions {
        commIdCommand = List.copyOf(commIdCommand);
        worldSizes = List.copyOf(worldSizes);
    }
}
