package dev.neurontp.conformance.process;

import java.util.Map;

/**
 * Variables that the launchers keep from our own JVMs, such as JAVA_TOOL_OPTIONS, under another name ({@code keep_given} of bin/common.sh):
 * a worker has them as the launcher was given them.
 */
final class GivenVariables {
    private static final String KEPT = "neurontp_given_";

    private GivenVariables() {}

    /** In the environment of a program. */
    static void giveBack(Map<String, String> environment) {
        for (String kept : environment.keySet().toArray(String[]::new)) {
            if (kept.startsWith(KEPT)) {
                environment.put(kept.substring(KEPT.length()), environment.remove(kept));
            }
        }
    }
}
