package io.hypernetes.runtime.image;

/**
 * How large an image may be.
 *
 * @param documentBytes a manifest, index or configuration
 * @param downloadBytes all layers together, as they come
 * @param unpackedBytes all layers together, uncompressed
 * @param entries files, directories and links of all layers together
 */
public record ImageLimits(int documentBytes, long downloadBytes, long unpackedBytes, int entries) {

    private static final long GIB = 1L << 30;

    public static final ImageLimits DEFAULT =
            new ImageLimits(4 << 20, 16 * GIB, 48 * GIB, 1_000_000);
}
