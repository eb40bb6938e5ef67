package dev.neurontp.conformance.process;

/**
 * What has come out of a worker's stdout and makes no line of it, or no object: a print without a line break is the commonest first mistake.
 *
 * @param bytes since the last line break, or of the lines of an object
 * @param inAnObject whether whole lines of an object were among it that does not end
 */
record Unfinished(long bytes, boolean inAnObject) {

    static final Unfinished NOTHING = new Unfinished(0, false);

    /** In words; empty where all of it is told already. */
    String words() {
        if (bytes == 0) {
            return "";
        }
        return "it has sent " + bytes + (bytes == 1 ? " byte " : " bytes ")
                + (inAnObject ? "of an object that does not end" : "without the line break that ends a reply");
    }
}
