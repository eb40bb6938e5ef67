package dev.neurontp.worker;

/** How much of the contract a worker does (S1 to S3). */
enum Stage {
    /** The wire alone: init and the sanity check are not implemented. */
    S7A_I("7a-i"),
    /** Real collectives behind the same wire. */
    S7A_II("7a-ii");

    private final String label;

    Stage(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    static Stage parse(String name, String text) throws UsageException {
        for (Stage stage : values()) {
            if (stage.label.equals(text)) {
                return stage;
            }
        }
        throw new UsageException(name, text, "it must be 7a-i or 7a-ii");
    }
}
