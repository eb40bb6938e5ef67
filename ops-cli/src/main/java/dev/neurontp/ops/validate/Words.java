package dev.neurontp.ops.validate;

import java.util.List;
import java.util.Optional;

/**
 * The words that are no options: what stands before {@code --} is a pool, what stands after it a program.
 *
 * @param pool its name or the beginning of its id
 * @param command empty where none is given
 */
record Words(Optional<String> pool, List<String> command) {
    /**
     * Takes them apart.
     *
     * @param words those that are no options
     * @param arguments all, with {@code --} where it was given
     * @throws IllegalArgumentException when there is more than one pool, or a pool and a program
     */
    static Words of(List<String> words, List<String> arguments) {
        int end = arguments.indexOf("--");
        int after = end < 0 ? 0 : arguments.size() - end - 1;
        List<String> before = words.subList(0, words.size() - after);
        List<String> command = words.subList(words.size() - after, words.size());
        if (before.size() > 1) {
            throw new IllegalArgumentException("'" + String.join(" ", before)
                    + "': one pool is taken; the program of the workers stands after --");
        }
        if (!before.isEmpty() && !command.isEmpty()) {
            throw new IllegalArgumentException(
                    "a pool and a program are given: a pool that is up has its program already");
        }
        return new Words(before.stream().findFirst(), command);
    }
}
