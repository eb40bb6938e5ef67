package dev.neurontp.harness.text;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the runners of GitHub, Azure Pipelines and TeamCity obey where a job prints it: {@code ::error::} where a line begins, {@code ##[error]},
 * {@code ##vso[...]} and {@code ##teamcity[...]}. Somebody else's words shall not end a task. Stateless: any thread may call.
 */
final class CiCommands {
    /** All that a runner may pass over in front of a command, which is more than blanks of ASCII. */
    private static final Pattern FIRST = Pattern.compile("(?m)^([\\s\\p{Z}\\p{Cc}\\p{Cf}]*):(?=:)");

    private static final Pattern ANYWHERE = Pattern.compile("(#\\p{M}*)#(?=[\\p{L}\\p{M}]*\\[)");

    /** Whether this process runs in a job of one of them. */
    static final boolean ARE_OBEYED = areObeyed(System.getenv());

    private CiCommands() {}

    static boolean areObeyed(Map<String, String> environment) {
        return environment.containsKey("GITHUB_ACTIONS")
                || environment.containsKey("TF_BUILD")
                || environment.containsKey("TEAMCITY_VERSION");
    }

    /** The text with a {@code ?} in each, of the same length. */
    static String harmless(String text) {
        return text.indexOf("::") < 0 && text.indexOf('#') < 0
                ? text
                : ANYWHERE.matcher(FIRST.matcher(text).replaceAll("$1?")).replaceAll("$1?");
    }
}
