package io.hypernetes.runtime.image;

/**
 * Who may use an image by which names: a tenant that has pulled it with credentials of its own, or
 * everyone for what the operator has brought. A name is its holder's alone: the same tag may mean
 * another image to another tenant.
 *
 * @param name of the tenant; empty for everyone
 */
public record ImageHolder(String name) {

    public static final ImageHolder EVERYONE = new ImageHolder("");
}
