import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The plan catalogue (E-01). Null days have no end. */
@Entity({ name: 'plans' })
export class PlanEntity {
  @PrimaryColumn({ type: 'varchar', length: 32 })
  code!: string;

  @Column({ type: 'int', nullable: true })
  days!: number | null;

  @Column({ type: 'tinyint' })
  enabled!: number;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}
