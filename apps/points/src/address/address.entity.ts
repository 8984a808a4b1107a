import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A delivery address (P-07). All that says where somebody lives is in one encrypted field. */
@Entity({ name: 'addresses' })
@Index('idx_addresses_user_id', ['user_id'])
export class AddressEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'text' })
  sealed!: string;

  @Column({ type: 'varchar', length: 20, nullable: true })
  tag!: string | null;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;

  @Column({ type: 'datetime', precision: 3 })
  updated_at!: string;
}

/** A member's address book: the row that is locked before it changes. It names the default address, so there is never a second one. */
@Entity({ name: 'address_books' })
export class AddressBookEntity {
  @PrimaryColumn({ type: 'bigint' })
  user_id!: number;

  @Column({ type: 'int' })
  address_count!: number;

  @Column({ type: 'bigint', nullable: true })
  default_id!: number | null;
}
